import { permutation, type RandomKey, split } from '../../base/random.ts';
import { BrokenImageError } from '../../data/decode.ts';
import type { FaceTools } from '../../faces/index.ts';
import { forEachConcurrently } from '../../refine/for-each-concurrently.ts';
import type { Annotations } from '../../refine/verification/annotations.ts';
import type { VerificationConfig } from '../../refine/verification/config.ts';
import type { FindFace } from '../../refine/verification/face.ts';
import { judgeImage, type Thresholds } from '../../refine/verification/judge-image.ts';
import { loadImage } from '../../refine/verification/load-image.ts';
import { type ImageMeasures, measureImage } from '../../refine/verification/measure-image.ts';
import type { NoiseFloor } from '../../refine/verification/noise-floor.ts';
import { createVerifier } from '../../refine/verification/verifier.ts';
import { type ContentCache, hashOfFile } from '../features/content-cache.ts';
import type { Pair } from '../pairs.ts';
import { type LabelRecord, labelRecord } from './label-record.ts';

/** Changes with whatever changes a measure. */
const measuresVersion = 'measures 3';

export interface VerifyPairsOptions {
  readonly tools: FaceTools;
  readonly findFace: FindFace;
  readonly config: VerificationConfig;
  /** 1 compares luma: a grey refined image with its render in grey. */
  readonly channels: 1 | 3;
  readonly annotations: Annotations;
  readonly cache: ContentCache;
  readonly key: RandomKey;
  readonly onImage?: () => void;
  /** Everything that was measured of a pair, as it comes. */
  readonly onMeasures?: (name: string, verdict: string, measures: ImageMeasures) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

export interface VerifiedPairs {
  /** In the order of the pairs, without the broken ones. */
  readonly records: readonly LabelRecord[];
  readonly noiseFloor: NoiseFloor;
  readonly thresholds: Thresholds;
  readonly broken: readonly { readonly name: string; readonly reason: string }[];
}

/** Verifies every pair; what was measured of the same bytes before comes from the cache. */
export async function verifyPairs(
  pairs: readonly Pair[],
  options: VerifyPairsOptions,
): Promise<VerifiedPairs> {
  const { tools, findFace, config, annotations, key, onImage, onMeasures, signal } = options;
  const sample = sampleOf(pairs, options, split(key, 'noise floor'));
  const verifier = await createVerifier({ tools, findFace, config, sample });
  const records = new Array<LabelRecord | undefined>(pairs.length);
  const broken: { name: string; reason: string }[] = [];
  await forEachConcurrently([...pairs.entries()], async ([i, pair]) => {
    signal?.throwIfAborted();
    try {
      const { measures, longerSide } = await measurePair(pair, options);
      const verdict = judgeImage(measures, verifier.thresholds, longerSide);
      const yaw = annotations.pose(pair.name)?.[0];
      records[i] = labelRecord(pair.name, { ...verdict, measures }, yaw);
      await onMeasures?.(pair.name, verdict.verdict, measures);
    } catch (error) {
      if (!(error instanceof BrokenImageError)) throw error;
      broken.push({ name: pair.name, reason: error.reason });
    }
    onImage?.();
  });
  const { noiseFloor, thresholds } = verifier;
  return { records: records.filter((r) => r !== undefined), noiseFloor, thresholds, broken };
}

async function* sampleOf(
  pairs: readonly Pair[],
  { annotations, channels, signal }: VerifyPairsOptions,
  key: RandomKey,
) {
  for (const i of permutation(key, pairs.length)) {
    signal?.throwIfAborted();
    const { name, input } = pairs[i];
    try {
      yield { input: await loadImage(input, { channels }), truth: annotations.truth(name) };
    } catch (error) {
      if (!(error instanceof BrokenImageError)) throw error;
    }
  }
}

interface MeasuredPair {
  readonly measures: ImageMeasures;
  readonly longerSide: number;
}

async function measurePair(
  pair: Pair,
  { tools, findFace, channels, annotations, cache }: VerifyPairsOptions,
): Promise<MeasuredPair> {
  const [inputHash, refinedHash] = await Promise.all(
    [pair.input, pair.refined].map((path) =>
      hashOfFile(path).catch((error: NodeJS.ErrnoException) => {
        throw new BrokenImageError(path, `cannot be read (${error.code})`, { cause: error });
      }),
    ),
  );
  const truth = annotations.truth(pair.name);
  const mask = annotations.maskPath(pair.name);
  const maskHash = mask === undefined ? '' : await hashOfFile(mask).catch(() => '');
  const content = [inputHash, refinedHash, maskHash, String(channels), JSON.stringify(truth ?? '')];
  const bytes = await cache.remember(measuresVersion, content, async () => {
    const input = await loadImage(pair.input, { channels });
    const refined = await loadImage(pair.refined, { channels });
    if (input.width !== refined.width || input.height !== refined.height) {
      throw new BrokenImageError(pair.refined, 'has another size than its render');
    }
    const parts = await annotations.mask(pair.name, input);
    const face = (await findFace(input, truth)) ?? null;
    const measures = await measureImage(tools, { input, refined, mask: parts, truth }, face);
    const longerSide = Math.max(input.width, input.height);
    return Buffer.from(JSON.stringify({ measures, longerSide } satisfies MeasuredPair));
  });
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as MeasuredPair;
}
