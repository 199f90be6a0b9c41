import { stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { randomKey, split } from '../base/random.ts';
import { UserError } from '../base/user-error.ts';
import { openDataset } from '../data/dataset.ts';
import { loadFaceTools } from '../faces/index.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { exists } from '../files/exists.ts';
import { explainFileError } from '../files/file-error.ts';
import { readBackdrops } from './compare-backdrops.ts';
import { type PrepareConfig, prepareConfigSchema } from './config.ts';
import { cropNames } from './crop-names.ts';
import { drawLike, drawNormal } from './draw-framing.ts';
import { readFramedFaces } from './framed-faces.ts';
import { handlePhotograph, type PrepareRun } from './handle-photograph.ts';
import { type CropRecord, type IndexEntry, openIndex } from './index-file.ts';
import { settingsOf, takeOutputFolder } from './output-folder.ts';
import { createDuplicateFinder } from './perceptual-hash.ts';
import { readPhotograph } from './photograph.ts';
import { readAhead } from './read-ahead.ts';
import { type PrepareSummary, type ReportOptions, writeReports } from './report.ts';

export interface PrepareOptions {
  /** Folder of photographs, searched at any depth. */
  readonly input: string;
  /** Folder for the crops: new, or of an earlier run with the same settings, which goes on. */
  readonly out: string;
  /** Dataset with landmarks whose framing the crops take over. */
  readonly like?: string | undefined;
  readonly config: PrepareConfig;
  /** Stops between two photographs; what is done is kept. */
  readonly signal?: AbortSignal | undefined;
}

export type PrepareEvent =
  /** `done` of the photographs were handled by an earlier run. */
  | { readonly type: 'started'; readonly total: number; readonly done: number }
  /** A photograph is handled. */
  | {
      readonly type: 'photograph';
      readonly source: string;
      /** Photographs handled so far, those of earlier runs too. */
      readonly done: number;
      /** Crops of this photograph. */
      readonly crops: number;
    }
  | { readonly type: 'finished'; readonly summary: PrepareSummary };

/**
 * Turns a folder of photographs into a dataset of face crops with landmarks, framed like a
 * synthetic set. Any number of faces a photograph. Deterministic by seed; an interrupted run goes
 * on where it stopped.
 *
 * @throws {UserError} where the input or `like` cannot be used, the configuration has a framing
 *   beside `like`, or `out` holds something else.
 */
export async function* prepareDataset(options: PrepareOptions): AsyncGenerator<PrepareEvent> {
  const { config, signal, like } = options;
  if (like !== undefined) refuseOwnFraming(config);
  const { directory, images } = await openDataset(options.input);
  const synthetic = like === undefined ? undefined : await readFramedFaces(like);
  const output = resolve(options.out);
  const release = await takeOutputFolder(output, settingsOf(directory, config, synthetic));
  try {
    const index = await openIndex(output);
    const tools = await loadFaceTools({ detectorSizes: config.detector.sizes, threads: 1 });
    try {
      const run: PrepareRun = {
        output,
        directory,
        config,
        key: split(randomKey(config.seed), 'prepare'),
        tools,
        draw: synthetic === undefined ? drawNormal(config.framing) : drawLike(synthetic),
        index,
        duplicates: createDuplicateFinder(Math.max(config.drop.duplicateBits, 0)),
        nameOf: cropNames(images),
      };
      yield* handlePhotographs(run, images, signal);
      // An interrupt from here on leaves crops with their labels.
      const records = await writeMetadata(run, images);
      // Grey crops show no colour to compare.
      const isCompared = like !== undefined && !config.grayscale;
      const backdrops = isCompared ? await readBackdrops(like, signal) : undefined;
      const summary = await finish(run, images, { records, synthetic, backdrops });
      yield { type: 'finished', summary };
    } finally {
      await tools.dispose();
      await index.close();
    }
  } catch (error) {
    throw explainFileError(error, output);
  } finally {
    await release();
  }
}

/** The synthetic set gives the framing; distributions beside it would be ignored. */
function refuseOwnFraming({ framing }: PrepareConfig): void {
  const usual = prepareConfigSchema.parse({}).framing;
  for (const name of ['scale', 'centerX', 'centerY', 'roll'] as const) {
    if (isDeepStrictEqual(framing[name], usual[name])) continue;
    throw new UserError(
      `Expected no framing.${name} beside --like, whose images give it, got ${JSON.stringify(framing[name])}. Leave one of the two out.`,
    );
  }
}

async function* handlePhotographs(
  run: PrepareRun,
  images: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<PrepareEvent> {
  const { index, directory } = run;
  const open = await openPhotographs(run, images);
  let done = images.length - open.length;
  yield { type: 'started', total: images.length, done };
  const read = ({ source }: OpenPhotograph) => readPhotograph(join(directory, source));
  try {
    for await (const { item, value } of readAhead(open, read)) {
      signal?.throwIfAborted();
      const entry = await handlePhotograph(run, item, value);
      // The photograph was another one before; the index forgets that one's crops now.
      await removeCrops(run, recordsOf([index.entries.get(item.source)]), recordsOf([entry]));
      await index.add(entry);
      const crops = recordsOf([entry]).length;
      yield { type: 'photograph', source: item.source, done: ++done, crops };
    }
  } catch (error) {
    if (signal?.aborted) await writeMetadata(run, images);
    throw error;
  }
}

interface OpenPhotograph {
  readonly source: string;
  readonly fingerprint: string;
}

/**
 * The photographs to look at: new and changed ones, those whose crops somebody removed, and those
 * with a face that was dropped as a near-duplicate of one in a photograph that is gone or looked at
 * again. The faces of the others are known.
 */
async function openPhotographs(
  run: PrepareRun,
  images: readonly string[],
): Promise<readonly OpenPhotograph[]> {
  const { index, duplicates, directory } = run;
  const fingerprints = new Map<string, string>();
  const settled = new Map<string, IndexEntry>();
  for (const source of images) {
    const fingerprint = await fingerprintOf(join(directory, source));
    fingerprints.set(source, fingerprint);
    const known = index.entries.get(source);
    const holds = known?.fingerprint === fingerprint && (await hasItsCrops(run, known));
    if (holds) settled.set(source, known);
  }
  for (let count = Number.POSITIVE_INFINITY; settled.size < count; ) {
    count = settled.size;
    for (const [source, entry] of settled) {
      const isLost = (original: string) => original !== source && !settled.has(original);
      if (originalsOf(entry).some(isLost)) settled.delete(source);
    }
  }
  for (const [source, { faces }] of settled) {
    for (const face of faces) if ('hash' in face) duplicates.add(face.hash, source);
  }
  const open = images.filter((source) => !settled.has(source));
  return open.map((source) => ({ source, fingerprint: fingerprints.get(source)! }));
}

/** The photographs of whose faces some of an entry were near-duplicates. */
const originalsOf = ({ faces }: IndexEntry): string[] =>
  faces.flatMap((face) =>
    'dropped' in face && face.dropped === 'near-duplicate' ? (face.detail ?? []) : [],
  );

/** Changes where the content of a file most probably has. */
async function fingerprintOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? 'missing' : `${found.size}-${Math.round(found.mtimeMs)}`;
}

/** Whether somebody removed crops of a photograph since. */
async function hasItsCrops({ output }: PrepareRun, entry: IndexEntry): Promise<boolean> {
  const there = recordsOf([entry]).map(({ file_name }) => exists(join(output, file_name)));
  return (await Promise.all(there)).every(Boolean);
}

/** Removes the crops of some records that are not among those to keep. */
async function removeCrops(
  { output }: PrepareRun,
  records: readonly CropRecord[],
  kept: readonly CropRecord[],
): Promise<void> {
  const current = new Set(kept.map(({ file_name }) => file_name));
  for (const { file_name } of records) {
    if (!current.has(file_name)) await unlink(join(output, file_name)).catch(() => {});
  }
}

/** The entries of the photographs that are there, in the order of the folder. */
function entriesOf({ index }: PrepareRun, images: readonly string[]): IndexEntry[] {
  return images.flatMap((source) => index.entries.get(source) ?? []);
}

const recordsOf = (entries: readonly (IndexEntry | undefined)[]): CropRecord[] =>
  entries.flatMap((entry) =>
    (entry?.faces ?? []).flatMap((face) => ('record' in face ? face.record : [])),
  );

async function writeMetadata(run: PrepareRun, images: readonly string[]): Promise<CropRecord[]> {
  const records = recordsOf(entriesOf(run, images));
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const path = join(run.output, 'metadata.jsonl');
  await writeFileAtomically(path, text);
  return records;
}

/** Removes crops of photographs that are gone, then writes reports. */
async function finish(
  run: PrepareRun,
  images: readonly string[],
  sets: Pick<ReportOptions, 'records' | 'synthetic' | 'backdrops'>,
): Promise<PrepareSummary> {
  await removeCrops(run, recordsOf([...run.index.entries.values()]), sets.records);
  return writeReports({
    output: run.output,
    size: run.config.size,
    entries: entriesOf(run, images),
    ...sets,
  });
}
