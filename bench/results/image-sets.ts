import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { UserError } from '../../src/base/user-error.ts';
import type { CommandContext } from '../../src/cli/command.ts';
import { prepareWithProgress } from '../../src/cli/prepare.ts';
import { renderWithProgress } from '../../src/cli/render.ts';
import { openDataset } from '../../src/data/dataset.ts';
import { hashOfFile } from '../../src/evaluate/features/content-cache.ts';
import { prepareConfigSchema } from '../../src/prepare/index.ts';
import { renderConfig } from '../../src/render/scene/config.ts';
import type { Places, Protocol } from './protocol.ts';
import { type Row, renderChanges } from './row.ts';
import type { RowResult } from './row-result.ts';
import { splitPhotographs } from './split-photographs.ts';

/** The images that rows are trained and measured on, in the work folder. */
export interface ImageSets {
  /** Holds the sets and the runs on them. */
  readonly folder: string;
  readonly renders: string;
  readonly photographs: string;
  readonly evaluatedRenders: string;
  readonly heldOutPhotographs: string;
  readonly counts: RowResult['images'];
  /** Changes with any pixel of any image. */
  readonly hash: string;
}

const fewestHeldOut = 10;

/**
 * Makes what is missing of the sets: renders of two seeds, photographs framed like them and split
 * by person. Goes on where an earlier call was interrupted.
 *
 * @throws {UserError} for photographs that cannot be used, or changes of the renders that are
 *   unknown.
 */
export async function makeImageSets(
  { photographs, work }: Places,
  protocol: Protocol,
  context: CommandContext,
  row: Pick<Row, 'renders'> = {},
): Promise<ImageSets> {
  const { size, renders, evaluatedRenders, trainingShare } = protocol;
  const changes = renderChanges(row);
  // Another protocol, or other renders, get a folder of their own.
  const key = JSON.stringify([
    size,
    renders,
    evaluatedRenders,
    trainingShare,
    resolve(photographs),
    ...(Object.keys(changes).length === 0 ? [] : [changes]),
  ]);
  const folder = join(work, `sets-${shortHash([key])}`);
  const within = (name: string) => join(folder, name);
  const drawnFrom = renderConfig(row.renders);
  for (const [name, set] of Object.entries({ renders, 'evaluated-renders': evaluatedRenders })) {
    await renderWithProgress({ out: within(name), size, ...set, config: drawnFrom }, context);
    context.signal.throwIfAborted();
  }
  const config = prepareConfigSchema.parse({ size });
  const like = within('renders');
  await prepareWithProgress({ input: photographs, out: within('prepared'), like, config }, context);
  context.signal.throwIfAborted();
  const split = await splitPhotographs(within('prepared'), within('photographs'), trainingShare);
  return describe(folder, split);
}

async function describe(
  folder: string,
  split: { readonly training: string; readonly heldOut: string },
): Promise<ImageSets> {
  const folders = {
    renders: join(folder, 'renders'),
    photographs: split.training,
    evaluatedRenders: join(folder, 'evaluated-renders'),
    heldOutPhotographs: split.heldOut,
  };
  const counts: Record<string, number> = {};
  const hashes: string[] = [];
  for (const [name, directory] of Object.entries(folders)) {
    const { images } = await openDataset(directory);
    counts[name] = images.length;
    for (const image of images) hashes.push(await hashOfFile(join(directory, image)));
  }
  if (counts.heldOutPhotographs < fewestHeldOut) {
    throw new UserError(
      `Expected at least ${fewestHeldOut} photographs to hold out, got ${counts.heldOutPhotographs} in ${split.heldOut}. Give a larger folder with --photographs.`,
    );
  }
  return { folder, ...folders, counts: counts as RowResult['images'], hash: shortHash(hashes) };
}

/** The beginning of the hash of some texts. */
export function shortHash(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}
