import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { randomKey, split } from '../../src/base/random.ts';
import { UserError } from '../../src/base/user-error.ts';
import type { CommandContext } from '../../src/cli/command.ts';
import { countingBar } from '../../src/cli/counting-bar.ts';
import { openDataset } from '../../src/data/dataset.ts';
import { evaluateConfigSchema } from '../../src/evaluate/config.ts';
import {
  type ContentCache,
  hashOfFile,
  openContentCache,
} from '../../src/evaluate/features/content-cache.ts';
import { findPairs } from '../../src/evaluate/pairs.ts';
import type { Comparison } from '../../src/evaluate/tasks/compare-arms.ts';
import { landmarkTaskVersion } from '../../src/evaluate/tasks/landmark-task.ts';
import { runTask } from '../../src/evaluate/tasks/run-task.ts';
import type { RememberErrors } from '../../src/evaluate/tasks/task-options.ts';
import { writeFileAtomically } from '../../src/files/atomic-file.ts';
import { makeFolder } from '../../src/files/make-folder.ts';
import { landmarkCount } from '../../src/models/frozen/face-landmarks.ts';
import type { MeasureOptions } from './measure-run.ts';
import { refineRenders, significant } from './measure-run.ts';
import type { Usefulness } from './row-result.ts';

/**
 * The points of a `.tem` file that mean the same as one of iBUG's 68, by the latter's number:
 * contours 18 … 22 and 23 … 27 are the upper eyelids, 87 … 93 the upper edge of the lips, 104 … 108
 * the lower.
 */
export const temPlaces: ReadonlyMap<number, number> = new Map([
  ...([
    [36, 18],
    [39, 22],
    [42, 23],
    [45, 27],
  ] as const),
  ...Array.from({ length: 7 }, (_, i) => [48 + i, 87 + i] as const),
  ...Array.from({ length: 5 }, (_, i) => [59 - i, 104 + i] as const),
]);

/** The frame of the coordinates is three times as large as the image. */
const temScale = 3;

/**
 * A metadata line of a portrait whose landmarks are in a `.tem` file; the others count as hidden.
 */
export function portraitRecord(name: string, tem: string) {
  const lines = tem.split('\n');
  const point = (index: number) =>
    lines[1 + index]
      .trim()
      .split(/\s+/)
      .map((value) => Math.round((100 * Number(value)) / temScale) / 100);
  const points = Array.from({ length: landmarkCount }, (_, i) => temPlaces.get(i));
  return {
    file_name: name,
    landmarks: points.map((index) => (index === undefined ? [0, 0] : point(index))),
    landmarks_visible: points.map((index) => (index === undefined ? 0 : 1)),
  };
}

/**
 * Portraits with `.tem` files as a dataset with landmarks, copied each time: they are few; gives
 * hashes and labels of its images.
 */
async function labelPortraits(portraits: string, out: string): Promise<readonly string[]> {
  const names = (await readdir(portraits)).filter((name) => name.endsWith('.tem')).sort();
  if (names.length === 0) {
    throw new UserError(
      `Expected portraits with .tem files in ${portraits}, got none. Give the folder canada-landmarks with --portraits.`,
    );
  }
  await makeFolder(out);
  const lines: string[] = [];
  const hashes: string[] = [];
  for (const name of names) {
    const image = name.replace(/\.tem$/, '.jpg');
    await copyFile(join(portraits, image), join(out, image));
    const record = portraitRecord(image, await readFile(join(portraits, name), 'utf8'));
    lines.push(`${JSON.stringify(record)}\n`);
    hashes.push(await hashOfFile(join(out, image)));
  }
  await writeFileAtomically(join(out, 'metadata.jsonl'), lines.join(''));
  return [...hashes, ...lines];
}

/**
 * How well landmarks are learnt from the refined renders of the training, against the renders
 * themselves, both with and without strong augmentation; tested on labelled portraits. What
 * networks trained on the renders reach is kept beside them for the next row.
 */
export async function measureUsefulness(
  options: MeasureOptions,
  context: CommandContext,
): Promise<Usefulness> {
  const { model, refined, channels, sets, protocol, places } = options;
  if (places.portraits === undefined) {
    throw new UserError(
      'Expected labelled portraits for --usefulness, got none. Give the folder canada-landmarks with --portraits, or set LIFELIKE_DATA.',
    );
  }
  const folder = join(sets.folder, 'portraits');
  const portraits = await labelPortraits(places.portraits, folder);
  const output = `${refined}-training`;
  await refineRenders({ model, input: sets.renders, output }, context);
  const synthetic = await openDataset(sets.renders);
  const config = evaluateConfigSchema.parse({ channels, task: protocol.usefulness });
  const labels = await hashOfFile(join(sets.renders, 'metadata.jsonl'));
  const cache = await openContentCache(join(sets.folder, 'landmark-networks'));
  const result = await runTask({
    name: 'landmarks',
    synthetic,
    pairs: await findPairs(synthetic, await openDataset(output)),
    test: await openDataset(folder),
    form: { size: { height: protocol.size, width: protocol.size }, channels },
    config,
    key: split(randomKey(config.seed), 'usefulness'),
    rememberErrors: rememberIn(cache, [JSON.stringify(config), sets.hash, labels, ...portraits]),
    signal: context.signal,
    onStage: (label, unit, total) => countingBar(context.progress, label, { unit, total }),
  });
  context.signal.throwIfAborted();
  const { task, measure, budget, adapted, blind } = result;
  return {
    ...{ task, measure, version: landmarkTaskVersion, steps: budget.steps, seeds: budget.seeds },
    ...shortened(result),
    adapted: shortened(adapted!),
    blind: significant(blind!),
  };
}

const errorsSchema = z.strictObject({
  asLabelled: z.array(z.number()),
  adapted: z.array(z.number()),
});

function rememberIn(cache: ContentCache, content: readonly string[]): RememberErrors {
  return async (network, train) => {
    const kind = `landmark errors ${landmarkTaskVersion}`;
    const bytes = await cache.remember(kind, [network, ...content], async () =>
      Buffer.from(JSON.stringify(await train())),
    );
    return errorsSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
  };
}

function shortened({ rows, improvement }: Comparison): Pick<Usefulness, 'arms' | 'improvement'> {
  return {
    arms: rows.map(({ name, mean, low, high }) => ({ name, ...short({ value: mean, low, high }) })),
    improvement: short(improvement),
  };
}

function short({ value, low, high }: Usefulness['improvement']): Usefulness['improvement'] {
  const [v, l, h] = [value, low, high].map(significant);
  return { value: v, low: l, high: h };
}
