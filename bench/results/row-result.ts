import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../src/base/user-error.ts';
import { landmarkTaskVersion } from '../../src/evaluate/tasks/landmark-task.ts';
import { writeFileAtomically } from '../../src/files/atomic-file.ts';
import { readJsonFile } from '../../src/files/json-file.ts';
import { makeFolder } from '../../src/files/make-folder.ts';
import type { Protocol } from './protocol.ts';
import { type Run, runName } from './row.ts';

const estimate = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

/** A distance from the photographs that were held out. */
const distances = z.strictObject({
  renders: estimate,
  refined: estimate,
  /** One half of the photographs against the other. */
  photographs: estimate,
  /** Null where the renders are as near as the photographs are to each other. */
  gapClosed: estimate.nullable(),
});

const measures = z.strictObject({
  /** Seconds for measuring. */
  seconds: z.number(),
  kid: distances,
  fd: distances,
  /**
   * Accuracy of small networks against the photographs; 0.5 is indistinguishable. Null for few
   * images.
   */
  twoSample: z
    .strictObject({ renders: z.number(), refined: z.number(), photographs: z.number() })
    .nullable(),
  landmarkDriftPixels: z.strictObject({ mean: z.number().nullable(), noiseFloor: z.number() }),
  identityCosine: z.number().nullable(),
  /** Shares of the evaluated images. */
  accepted: z.number(),
  rejected: z.number(),
  unverifiable: z.number(),
  facesLost: z.number(),
  /**
   * Of the individual typology angle, positive is lighter: over all, and of the group that moved
   * most.
   */
  complexionShiftDegrees: z.strictObject({
    mean: z.number().nullable(),
    largestGroup: z.strictObject({ name: z.string(), mean: z.number() }).nullable(),
  }),
  /** Mean of |refined − render| in −1 … 1. */
  meanAbsoluteChange: z.number(),
  /** How much refined images differ from each other, as a share of how much renders do. */
  spread: z.number(),
});

const comparison = z.strictObject({
  arms: z.array(z.strictObject({ name: z.string(), ...estimate.shape })),
  /** By which share refined images beat renders, both with strong augmentation. */
  improvement: estimate,
});

const usefulness = z.strictObject({
  task: z.string(),
  measure: z.string(),
  /** Of the task: results of different ones do not compare. */
  version: z.int(),
  /** Training steps of each network, and networks a set. */
  steps: z.int(),
  seeds: z.int(),
  ...comparison.shape,
  /** After label adaptation. */
  adapted: comparison,
  /** The error after label adaptation of a network that sees nothing. */
  blind: z.number(),
});

/** What is stored of a finished run, one file each. */
const rowResultSchema = z.strictObject({
  row: z.string(),
  preset: z.string(),
  /** Against the preset, as `--set` takes them. */
  changes: z.array(z.string()),
  /** What the renders are drawn from where not from the defaults. */
  renders: z.record(z.string(), z.unknown()).optional(),
  channels: z.union([z.literal(1), z.literal(3)]),
  seed: z.int(),
  /** Wall-clock budget of the training. */
  minutes: z.number(),
  /** Threads of the training. */
  threads: z.int(),
  /** Values that are not the schema's defaults, by dotted key. */
  recipe: z.record(z.string(), z.unknown()),
  training: z.strictObject({
    outcome: z.enum(['finished', 'out-of-time', 'diverged']),
    minutes: z.number(),
    iterations: z.int(),
    /** Of the refiner that is measured: the last one, or the one that was selected. */
    exported: z.int(),
    iterationsPerSecond: z.number(),
    /** Iteration of the first stagnation notice. */
    stagnation: z.int().nullable(),
    /** Means of logged quantities over the last 50 iterations. */
    end: z.record(z.string(), z.number()),
  }),
  machine: z.strictObject({
    cores: z.int(),
    /** Mean of the load average of one minute while it trained. */
    load: z.number(),
    /** Cores that other processes kept busy meanwhile. */
    otherCores: z.number(),
  }),
  version: z.string(),
  commit: z.string().nullable(),
  date: z.string(),
  /** Hash of all images used: rows with different ones are not comparable. */
  data: z.string(),
  images: z.strictObject({
    renders: z.int(),
    photographs: z.int(),
    evaluatedRenders: z.int(),
    heldOutPhotographs: z.int(),
  }),
  /** Null where the training diverged. */
  measures: measures.nullable(),
  /** Why the run counts as collapsed, see collapse.ts. */
  collapse: z.enum(['diverged', 'alike', 'faces-lost']).nullable(),
  usefulness: usefulness.nullable(),
});

export type RowResult = z.output<typeof rowResultSchema>;
export type Measures = z.output<typeof measures>;
export type Distances = z.output<typeof distances>;
export type Usefulness = z.output<typeof usefulness>;

/** Whether a usefulness is there and was measured by the task and with the budget of today. */
export function isComparable(
  usefulness: Usefulness | null | undefined,
  { steps, seeds }: Protocol['usefulness'],
): usefulness is Usefulness {
  return (
    usefulness?.version === landmarkTaskVersion &&
    usefulness.steps === steps &&
    usefulness.seeds === seeds
  );
}

const fileOf = (folder: string, run: Run) => join(folder, `${runName(run)}.json`);

/** Writes the file of a run; it is written last, so a file means that the run is finished. */
export async function writeRowResult(folder: string, run: Run, result: RowResult): Promise<void> {
  await makeFolder(folder);
  await writeFileAtomically(fileOf(folder, run), `${JSON.stringify(result, null, 2)}\n`);
}

/**
 * All finished runs by their name; a missing folder has none.
 *
 * @throws {UserError} for a file that is not what {@link writeRowResult} writes.
 */
export async function readRowResults(folder: string): Promise<ReadonlyMap<string, RowResult>> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const results = new Map<string, RowResult>();
  for (const name of names.filter((each) => /^[^.].*\.json$/.test(each)).sort()) {
    const path = join(folder, name);
    const parsed = rowResultSchema.safeParse(await readJsonFile(path));
    if (!parsed.success) {
      const [{ path: key, message }] = parsed.error.issues;
      throw new UserError(
        `Expected the result of a row in ${path}, got another form at "${key.join('.')}" (${message}). Remove the file and run the row again.`,
      );
    }
    results.set(name.replace(/\.json$/, ''), parsed.data);
  }
  return results;
}
