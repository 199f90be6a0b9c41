import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { dottedLeaves } from '../../base/plain-tree.ts';
import { permutation, randomKey } from '../../base/random.ts';
import { UserError } from '../../base/user-error.ts';
import { type Dataset, openDataset } from '../../data/dataset.ts';
import { BrokenImageError } from '../../data/decode.ts';
import { loadFaceTools } from '../../faces/index.ts';
import { openAppendLog } from '../../files/append-log.ts';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { exists } from '../../files/exists.ts';
import { explainingFileErrors } from '../../files/file-error.ts';
import { lockFolder } from '../../files/folder-lock.ts';
import { readJsonFile } from '../../files/json-file.ts';
import { forEachConcurrently } from '../for-each-concurrently.ts';
import { type Annotations, readAnnotations } from './annotations.ts';
import { type VerificationConfig, verificationSchema } from './config.ts';
import type { Thresholds, Verdict } from './judge-image.ts';
import { loadImage } from './load-image.ts';
import type { NoiseFloor } from './noise-floor.ts';
import {
  compactRefinementLog,
  type RefinementLine,
  readRefinementLog,
  refinementLogName,
} from './refinement-log.ts';
import { rejectedFolder, separateRejected } from './separate-rejected.ts';
import { createVerifier, type Verifier } from './verifier.ts';

export interface VerifyRefinedOptions {
  /** The folder that was refined. */
  readonly input: string;
  /** The folder that holds the refined images and their `refinement.jsonl`. */
  readonly output: string;
  /** Of the model: with 1, images are compared in grey. */
  readonly channels: 1 | 3;
  readonly config: VerificationConfig;
  /** Called with the number of images to verify; what it gives is called after each. */
  readonly onStart?: (total: number) => () => void;
  /** Aborted, the images under way are finished and the rest is left to a later run. */
  readonly signal?: AbortSignal | undefined;
}

/** Verdicts over the whole set, those of earlier runs included. */
export interface VerifiedSet {
  readonly accepted: number;
  readonly rejected: number;
  readonly unverifiable: number;
  /** Refined images without a verdict: unreadable, or left to a later run. */
  readonly open: number;
  readonly noiseFloor: NoiseFloor;
  readonly thresholds: Thresholds;
}

/**
 * Verifies the images of a refined set, adds the verdicts to `refinement.jsonl` and moves what was
 * rejected into `rejected/`. Goes on where an earlier run stopped.
 *
 * @throws {UserError} where the folders cannot be used, another run is in them, or an earlier one
 *   judged by other thresholds.
 */
export async function verifyRefined(options: VerifyRefinedOptions): Promise<VerifiedSet> {
  const { input, output, config, channels } = options;
  const dataset = await openDataset(input);
  const release = await lockFolder(output, 'lifelike refine');
  try {
    await requireSameThresholds(output, config);
    await writeFileAtomically(join(output, thresholdsName), `${JSON.stringify(config)}\n`);
    const annotations = await readAnnotations(dataset);
    const tools = await loadFaceTools({ threads: 1 });
    try {
      const sample = sampleOf(dataset, { annotations, channels });
      const verifier = await createVerifier({ tools, config, sample });
      await verifyPending(options, { dataset, annotations, verifier });
      return await finish(dataset, output, verifier);
    } finally {
      await tools.dispose();
    }
  } finally {
    await release();
  }
}

/**
 * Sets aside again what an earlier run rejected: `refine` copies all metadata of the input whenever
 * it runs, also without verification. Does nothing where no run has verified anything.
 */
export async function keepRejectedApart(input: string, output: string): Promise<void> {
  const records = [...(await readRefinementLog(output)).values()];
  if (!records.some(isVerified)) return;
  const release = await lockFolder(output, 'lifelike refine');
  try {
    await separate(await openDataset(input), output, records);
  } finally {
    await release();
  }
}

const isVerified = ({ verdict }: RefinementLine) => verdict !== undefined;

/** Moves rejected images away, and leaves no metadata of images that could not be read. */
async function separate(dataset: Dataset, output: string, records: readonly RefinementLine[]) {
  const names = (isMeant: (record: RefinementLine) => boolean) =>
    new Set(records.filter(isMeant).map((record) => record.file_name));
  await separateRejected(
    dataset,
    output,
    names(({ verdict }) => verdict === 'rejected'),
    names(({ skipped }) => skipped !== undefined),
  );
}

/** Keeps what a set is judged by, so that its verdicts mean the same. */
const thresholdsName = '.verify.json';

/**
 * Refuses thresholds other than those of the verdicts that a refined set has already.
 *
 * @throws {UserError} naming the first that differs.
 */
export async function requireSameThresholds(
  output: string,
  config: VerificationConfig,
): Promise<void> {
  const path = join(output, thresholdsName);
  await explainingFileErrors(path, async () => {
    const records = await readRefinementLog(output);
    if (!(await exists(path)) || ![...records.values()].some(isVerified)) return;
    // A key that is younger than the set has the default.
    const earlier = verificationSchema.parse(await readJsonFile(path));
    const before = new Map(dottedLeaves(earlier));
    for (const [key, value] of dottedLeaves(config)) {
      if (before.get(key) === value) continue;
      throw new UserError(
        `Expected the verification.${key} that ${output} was verified with, ${before.get(key)}, got ${value}. Repeat it, or refine into another folder.`,
      );
    }
  });
}

interface Work {
  readonly dataset: Dataset;
  readonly annotations: Annotations;
  readonly verifier: Verifier;
}

async function verifyPending(
  { output, channels, onStart, signal }: VerifyRefinedOptions,
  { dataset, annotations, verifier }: Work,
): Promise<void> {
  const records = await readRefinementLog(output);
  const pending = dataset.images.filter((name) => {
    const record = records.get(name);
    return record !== undefined && record.skipped === undefined && record.verdict === undefined;
  });
  const onImage = onStart?.(pending.length);
  const log = await explainingFileErrors(output, () =>
    openAppendLog(join(output, refinementLogName)),
  );
  try {
    await forEachConcurrently(pending, async (name) => {
      if (signal?.aborted) return;
      const path = join(output, name);
      const moved = join(output, rejectedFolder, name);
      const refinedPath = await access(path).then(
        () => path,
        () => moved,
      );
      const record = await verifyOne(name, join(dataset.directory, name), refinedPath);
      if (record !== undefined) await log.append({ ...records.get(name), ...record });
      onImage?.();
    });
  } finally {
    await log.close();
  }

  async function verifyOne(name: string, inputPath: string, refinedPath: string) {
    try {
      const image = await loadImage(inputPath, { channels });
      const refined = await loadImage(refinedPath, { channels });
      const mask = await annotations.mask(name, image);
      const truth = annotations.truth(name);
      const { measures, ...verdict } = await verifier.verify({
        input: image,
        refined,
        mask,
        truth,
      });
      return { ...recordOf(verdict), measures };
    } catch (error) {
      if (!(error instanceof BrokenImageError)) throw error;
      return undefined;
    }
  }
}

function recordOf(verdict: Verdict) {
  switch (verdict.verdict) {
    case 'accepted':
      return { accepted: true, reason: 'verified', verdict: verdict.verdict };
    case 'unverifiable':
      return {
        accepted: true,
        reason: 'no face found in the input; judged by edges and masks alone',
        verdict: verdict.verdict,
      };
    case 'rejected':
      return {
        accepted: false,
        reason: verdict.reasons.map(({ text }) => text).join('; '),
        verdict: verdict.verdict,
        reasonCodes: [...new Set(verdict.reasons.map(({ code }) => code))],
      };
  }
}

async function finish(dataset: Dataset, output: string, verifier: Verifier): Promise<VerifiedSet> {
  const records = await compactRefinementLog(output, dataset.images);
  await separate(dataset, output, records);
  const refined = records.filter(({ skipped }) => skipped === undefined);
  const count = (wanted: string | undefined) =>
    refined.filter(({ verdict }) => verdict === wanted).length;
  const { noiseFloor, thresholds } = verifier;
  return {
    accepted: count('accepted'),
    rejected: count('rejected'),
    unverifiable: count('unverifiable'),
    open: count(undefined),
    noiseFloor,
    thresholds,
  };
}

async function* sampleOf(
  dataset: Dataset,
  { annotations, channels }: { readonly annotations: Annotations; readonly channels: 1 | 3 },
) {
  for (const i of permutation(randomKey(0), dataset.images.length)) {
    const name = dataset.images[i];
    try {
      const input = await loadImage(join(dataset.directory, name), { channels });
      yield { input, truth: annotations.truth(name) };
    } catch (error) {
      if (!(error instanceof BrokenImageError)) throw error;
    }
  }
}
