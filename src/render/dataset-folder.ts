import { createReadStream } from 'node:fs';
import { readdir, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../base/user-error.ts';
import { removeTemporaryFiles, writeFileAtomically } from '../files/atomic-file.ts';
import { exists } from '../files/exists.ts';
import { explainFileError, explainingFileErrors } from '../files/file-error.ts';
import { makeFolder } from '../files/make-folder.ts';
import { type Annotation, imageStem } from './output/annotation.ts';
import { type RenderConfig, renderConfigSchema } from './scene/config.ts';

/** What must be equal for a run to continue another. */
export interface RenderSettings {
  readonly seed: number;
  readonly size: number;
  readonly grayscale: boolean;
  readonly imagesPerIdentity: number;
  readonly depth: boolean;
  readonly normals: boolean;
  readonly config: RenderConfig;
}

export const reportFolder = '_report';
export const metadataName = 'metadata.jsonl';
const settingsName = join(reportFolder, 'settings.json');

async function readSettings(folder: string): Promise<RenderSettings | undefined> {
  const path = join(folder, settingsName);
  if (!(await exists(path))) return undefined;
  try {
    const settings = JSON.parse(await readFile(path, 'utf8')) as RenderSettings;
    // A key that is younger than the set has the default, which is what it was drawn with.
    const config = renderConfigSchema.safeParse(settings.config);
    return config.success ? { ...settings, config: config.data } : settings;
  } catch {
    throw new UserError(
      `Expected the settings of a rendered set in ${path}, got something else. Render into another folder.`,
    );
  }
}

interface Difference {
  readonly key: string;
  readonly found: unknown;
  readonly wanted: unknown;
}

/** The first dotted key whose values differ. */
function difference(
  found: unknown,
  wanted: unknown,
  path: readonly string[] = [],
): Difference | undefined {
  const isRecord = (value: unknown) => typeof value === 'object' && value !== null;
  if (isRecord(found) && isRecord(wanted)) {
    const [a, b] = [found, wanted] as Record<string, unknown>[];
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const below = difference(a[key], b[key], [...path, key]);
      if (below !== undefined) return below;
    }
    return undefined;
  }
  if (isDeepStrictEqual(found, wanted)) return undefined;
  return { key: path.join('.').replace(/^config\./, ''), found, wanted };
}

function refuseOtherSettings(folder: string, found: RenderSettings, wanted: RenderSettings): void {
  const differing = difference(found, wanted);
  if (differing === undefined) return;
  const { key } = differing;
  throw new UserError(
    `Expected the ${key} that ${folder} was rendered with, ${JSON.stringify(differing.found)}, got ${JSON.stringify(differing.wanted)}. Repeat it to continue that set, or render into another folder.`,
  );
}

async function isOccupied(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).some((name) => !name.startsWith('.'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw explainFileError(error, folder);
  }
}

/**
 * Complete lines of a file with the number of bytes up to their end; one without its newline is
 * torn.
 */
async function* linesWithEnds(path: string): AsyncGenerator<{ text: string; end: number }> {
  const { size } = await stat(path);
  let end = 0;
  for await (const text of createInterface({ input: createReadStream(path) })) {
    end += Buffer.byteLength(text) + 1;
    if (end > size) return;
    yield { text, end };
  }
}

async function isComplete(folder: string, text: string, index: number): Promise<boolean> {
  const stem = imageStem(index);
  let annotation: Partial<Annotation>;
  try {
    annotation = JSON.parse(text);
  } catch {
    return false;
  }
  if (annotation.file_name !== `${stem}.png`) return false;
  const names = [annotation.file_name, annotation.parts_file_name];
  const maps = [annotation.depth_file_name, annotation.normals_file_name];
  const there = [...names, ...maps].map((name) => name === undefined || exists(join(folder, name)));
  return (await Promise.all(there)).every(Boolean);
}

/** Keeps the leading lines whose images are there, cuts the rest off, and counts them. */
async function keepCompleteLines(folder: string): Promise<number> {
  const path = join(folder, metadataName);
  if (!(await exists(path))) return 0;
  let count = 0;
  let length = 0;
  for await (const { text, end } of linesWithEnds(path)) {
    if (!(await isComplete(folder, text, count))) break;
    count++;
    length = end;
  }
  await truncate(path, length);
  return count;
}

/** Reads the metadata line by line, so that memory does not grow with the set. */
export async function* annotationsIn(folder: string): AsyncGenerator<Annotation> {
  for await (const { text } of linesWithEnds(join(folder, metadataName))) {
    yield JSON.parse(text) as Annotation;
  }
}

/**
 * Makes a folder ready for images: a new one gets its settings, one of the same settings is
 * continued. Returns how many images it already holds.
 *
 * @throws {UserError} for a folder with other content or settings, or one that cannot be written.
 */
export async function openDatasetFolder(folder: string, settings: RenderSettings): Promise<number> {
  if (await isOccupied(folder)) {
    const found = await readSettings(folder);
    if (found === undefined) {
      throw new UserError(
        `Expected an empty folder or a rendered set to continue, got ${folder} with other files. Choose another folder.`,
      );
    }
    refuseOtherSettings(folder, found, settings);
    return explainingFileErrors(folder, async () => {
      await removeTemporaryFiles(folder);
      return keepCompleteLines(folder);
    });
  }
  await makeFolder(join(folder, reportFolder));
  await explainingFileErrors(folder, () =>
    writeFileAtomically(join(folder, settingsName), `${JSON.stringify(settings, null, 2)}\n`),
  );
  return 0;
}
