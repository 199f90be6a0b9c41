import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../base/user-error.ts';
import type { Point } from '../faces/index.ts';
import { type AppendLog, openAppendLog } from '../files/append-log.ts';
import { readJsonLines } from '../files/jsonl.ts';
import { dropReasons } from './photograph.ts';

/** Holds what a second run needs to go on; its name keeps it out of the dataset. */
export const stateFolder = '_prepare';
const indexName = 'index.jsonl';

const point = z.tuple([z.number(), z.number()]).readonly();

const recordSchema: z.ZodType<CropRecord> = z.object({
  file_name: z.string(),
  landmarks: z.array(point).readonly(),
  pose: z.tuple([z.number(), z.number(), z.number()]).readonly(),
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly(),
  score: z.number(),
  source: z.string(),
  fill: z.number(),
  enlargement: z.number(),
  blur: z.number(),
});

/** A line of `metadata.jsonl`. */
export interface CropRecord {
  readonly file_name: string;
  /** 68 points in pixels of the crop. */
  readonly landmarks: readonly Point[];
  /** Yaw, pitch and roll in degrees, estimated from the landmarks. */
  readonly pose: readonly [number, number, number];
  /** The box around the landmarks: x, y, width, height. */
  readonly bbox: readonly [number, number, number, number];
  /** The detector's, 0 … 1. */
  readonly score: number;
  /** Name of the photograph in the input folder. */
  readonly source: string;
  /** Share of the crop that reflection filled, 0 … 1. */
  readonly fill: number;
  /** Pixels of the crop a pixel of the photograph. */
  readonly enlargement: number;
  /** 0 sharp … 1 blurred. */
  readonly blur: number;
}

const entrySchema = z.object({
  source: z.string(),
  fingerprint: z.string(),
  /** Conversions that decoding made. */
  notes: z.array(z.string()),
  faces: z.array(
    z.union([
      z.object({ record: recordSchema, hash: z.string() }),
      z.object({ dropped: z.enum(dropReasons), detail: z.string().optional() }),
    ]),
  ),
});

/** A face of a photograph: its crop, or why there is none. */
export type IndexedFace = IndexEntry['faces'][number];

/** What was made of one photograph. */
export type IndexEntry = z.output<typeof entrySchema>;

/** The photographs that are done. */
export interface PrepareIndex {
  /** By name of the photograph; the latest line counts. */
  readonly entries: ReadonlyMap<string, IndexEntry>;
  add(entry: IndexEntry): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the index of an output folder, or begins one.
 *
 * @throws {UserError} where a line is not what this program writes.
 */
export async function openIndex(output: string): Promise<PrepareIndex> {
  const path = join(output, stateFolder, indexName);
  const entries = new Map<string, IndexEntry>();
  for (const { value } of await readJsonLines(path)) {
    const parsed = entrySchema.safeParse(value);
    if (!parsed.success) {
      throw new UserError(
        `Expected the index of "lifelike prepare" in ${path}, got another line: ${JSON.stringify(value).slice(0, 60)}. Remove the folder ${output} to start again.`,
      );
    }
    entries.set(parsed.data.source, parsed.data);
  }
  const log: AppendLog = await openAppendLog(path);
  return {
    entries,
    add: async (entry) => {
      await log.append(entry);
      entries.set(entry.source, entry);
    },
    close: () => log.close(),
  };
}
