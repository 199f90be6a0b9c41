import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DecodedImage, DecodeNote } from '../data/decode.ts';
import { encodeImage, type ImageValues } from '../data/encode.ts';
import { openAppendLog } from '../files/append-log.ts';
import { copyFileAtomically, writeFileAtomically } from '../files/atomic-file.ts';
import { explainFileError, explainingFileErrors } from '../files/file-error.ts';
import { makeFolder } from '../files/make-folder.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import { type OutputFolderOptions, takeOutputFolder } from './output-folder.ts';
import { refuseRotatedAnnotated } from './rotated-images.ts';
import {
  compactRefinementLog,
  lastOfEach,
  refinementLogName as logName,
  type RefinementLine,
  readRefinementLines,
} from './verification/refinement-log.ts';
import { rejectedFolder } from './verification/separate-rejected.ts';

/** What differs between an input file and its refined one beside the pixels; each told once. */
export type OutputNote = DecodeNote | 'colour-to-luma' | 'jpeg-quality-95' | 'webp-lossless';

/** What is recorded of an image in `refinement.jsonl`, beside its `file_name`. */
export type RefinementRecord = Readonly<Record<string, unknown>>;

/** What a writer did in this run. */
export interface WriterSummary {
  readonly written: number;
  /** Images that an earlier run had finished. */
  readonly earlier: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** For how many images written each note holds. */
  readonly notes: Readonly<Partial<Record<OutputNote, number>>>;
}

/** A refined dataset that is being written. Calls may overlap. */
export interface DatasetWriter {
  /** The images that are still to be refined, sorted. */
  readonly pending: readonly string[];
  /**
   * Writes one refined image in the format and channel count of its source, then its line.
   *
   * @throws {UserError} for a full disk or a folder that became unwritable; no half file is left.
   */
  write(image: {
    readonly name: string;
    /** The source as `decodeImage` gave it with `keepAlpha` and no size. */
    readonly source: DecodedImage;
    /** Of the source's height and width. */
    readonly refined: ImageValues;
    readonly record: RefinementRecord;
  }): Promise<void>;
  /** Records an image that could not be read; a later run tries it again. */
  skip(name: string, reason: string): Promise<void>;
  summary(): WriterSummary;
  /** Syncs the log and gives the folder back. Call it also after a failure. */
  close(): Promise<void>;
}

/**
 * The images with a line in the log and a file; a line without its file, or the reverse, is not.
 */
async function findFinished(
  output: string,
  images: readonly string[],
  logged: ReadonlyMap<string, RefinementLine>,
): Promise<Set<string>> {
  const finished = new Set<string>();
  await forEachConcurrently(
    images.filter((name) => logged.has(name) && logged.get(name)?.skipped === undefined),
    async (name) => {
      // Verification may have moved it.
      const places = [join(output, name), join(output, rejectedFolder, name)];
      const found = await Promise.allSettled(places.map((path) => access(path)));
      if (found.some(({ status }) => status === 'fulfilled')) finished.add(name);
    },
  );
  return finished;
}

function notesOf(source: DecodedImage): OutputNote[] {
  const notes: OutputNote[] = source.notes.filter((note) => note !== 'grey');
  if (source.channels < source.source.channels) notes.push('colour-to-luma');
  if (source.source.format === 'jpeg') notes.push('jpeg-quality-95');
  if (source.source.format === 'webp') notes.push('webp-lossless');
  return notes;
}

/**
 * Opens a folder for the refined images of a dataset: same relative names, sizes, formats and
 * channel counts, every other file of the input copied byte for byte, and `refinement.jsonl` with a
 * line an image. Continues where an earlier run with the same model and input stopped. Every file
 * appears whole or not at all.
 *
 * @throws {UserError} for a folder that equals, holds or lies in the input, was made from something
 *   else, cannot be written, or is in use; and for annotated images with an EXIF rotation.
 */
export async function openDatasetWriter(options: OutputFolderOptions): Promise<DatasetWriter> {
  const { input } = options;
  const folder = await takeOutputFolder(options);
  const { path: output, release } = folder;
  try {
    const lines = await readRefinementLines(output);
    const logged = lastOfEach(lines);
    const finished = await findFinished(output, input.images, logged);
    const pending = input.images.filter((name) => !finished.has(name));
    await refuseRotatedAnnotated(input, pending);
    await folder.claim();
    // A refined set can be refined again; its log is then about other images.
    const copied = input.otherFiles.filter((name) => name !== logName);
    await forEachConcurrently(copied, async (name) => {
      const to = join(output, name);
      await explainingFileErrors(to, () => copyFileAtomically(join(input.directory, name), to));
    });
    const log = await explainingFileErrors(output, () => openAppendLog(join(output, logName)));
    const finish = async () => {
      // Some had a line already: that they could not be read, or that their file is gone.
      const isDoubled = lines.length > logged.size || pending.some((name) => logged.has(name));
      if (isDoubled) await compactRefinementLog(output, input.images);
    };
    return createWriter({ output, pending, earlier: finished.size, log, finish, release });
  } catch (error) {
    await release();
    throw error;
  }
}

function createWriter(folder: {
  readonly output: string;
  readonly pending: readonly string[];
  readonly earlier: number;
  readonly log: Awaited<ReturnType<typeof openAppendLog>>;
  /** Called when the log is closed. */
  readonly finish: () => Promise<void>;
  readonly release: () => Promise<void>;
}): DatasetWriter {
  const { output, pending, earlier, log, finish, release } = folder;
  const skipped: { readonly name: string; readonly reason: string }[] = [];
  const notes: Partial<Record<OutputNote, number>> = {};
  let written = 0;
  return {
    pending,
    async write({ name, source, refined, record }) {
      if (refined.height !== source.height || refined.width !== source.width) {
        throw new Error(`Expected "${name}" to keep its size, got another one.`);
      }
      const bytes = await encodeImage(refined, source.source, source.alpha);
      const path = join(output, name);
      await explainingFileErrors(path, async () => {
        await makeFolder(dirname(path));
        await writeFileAtomically(path, bytes);
        await log.append({ file_name: name, ...record });
      });
      written += 1;
      for (const note of notesOf(source)) notes[note] = (notes[note] ?? 0) + 1;
    },
    async skip(name, reason) {
      skipped.push({ name, reason });
      await explainingFileErrors(output, () => log.append({ file_name: name, skipped: reason }));
    },
    summary: () => ({ written, earlier, skipped: [...skipped], notes: { ...notes } }),
    async close() {
      try {
        await log.close();
        await finish();
      } catch (error) {
        throw explainFileError(error, output);
      } finally {
        await release();
      }
    },
  };
}
