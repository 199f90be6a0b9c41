import { type RandomKey, split } from '../../base/random.ts';
import { resampleCounts } from '../statistics/bootstrap.ts';
import type { RealismDistances } from '../statistics/gap-closed.ts';
import type { SetSizes } from '../statistics/small-sets.ts';

/**
 * How often each image was drawn; `realA` and `realB` are the halves, zero outside of their own.
 */
export interface Resample {
  readonly synthetic: Float64Array;
  readonly refined: Float64Array;
  readonly real: Float64Array;
  readonly realA: Float64Array;
  readonly realB: Float64Array;
}

/**
 * One bootstrap draw of all sets at once. A render and its refined image are drawn together,
 * because they show the same scene: what differs between their distances is then the refinement
 * alone. The halves of the photographs are drawn apart, so that they never share an image.
 *
 * @param draws images a set, by default as many as it has
 */
export function drawResample(key: RandomKey, sizes: SetSizes, draws?: number): Resample {
  const paired = sizes.synthetic === sizes.refined;
  const half = Math.floor(sizes.real / 2);
  const inHalf = (label: string, start: number, count: number) => {
    const counts = new Float64Array(sizes.real);
    counts.set(resampleCounts(split(key, label), count, draws ?? count), start);
    return counts;
  };
  const realA = inHalf('real A', 0, half);
  const realB = inHalf('real B', half, sizes.real - half);
  return {
    synthetic: resampleCounts(split(key, 'rendered'), sizes.synthetic, draws),
    refined: resampleCounts(split(key, paired ? 'rendered' : 'refined'), sizes.refined, draws),
    real: realA.map((count, i) => count + realB[i]),
    realA,
    realB,
  };
}

/** The distances of many draws. */
export function resampledDistances(
  { key, replicates, draws }: { key: RandomKey; replicates: number; draws?: number },
  sizes: SetSizes,
  distances: (resample: Resample) => RealismDistances,
): RealismDistances[] {
  return Array.from({ length: replicates }, (_, r) =>
    distances(drawResample(split(key, 'resample', r), sizes, draws)),
  );
}
