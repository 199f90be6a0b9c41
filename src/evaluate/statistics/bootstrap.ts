import { type RandomKey, split, uniform } from '../../base/random.ts';

/** The two ends of a confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How often each of `count` images is drawn in `draws` draws with replacement. */
export function resampleCounts(key: RandomKey, count: number, draws = count): Float64Array {
  const counts = new Float64Array(count);
  for (const u of uniform(key, draws)) counts[Math.floor(u * count)]++;
  return counts;
}

export interface BootstrapOptions {
  readonly key: RandomKey;
  /** How many resampled values, 1,000 by default. */
  readonly replicates?: number;
}

/**
 * The values of a statistic on resampled sets (Efron 1979): `statistic` gets a key of its own for
 * each replicate and draws with it.
 */
export function bootstrap(
  { key, replicates = 1000 }: BootstrapOptions,
  statistic: (key: RandomKey) => number,
): Float64Array {
  return Float64Array.from({ length: replicates }, (_, r) => statistic(split(key, 'replicate', r)));
}

/**
 * The interval between the quantiles (1 ∓ level) / 2 of the replicates (Efron and Tibshirani 1993,
 * chapter 13).
 */
export function percentileInterval(replicates: Float64Array, level = 0.95): Interval {
  const sorted = replicates.slice().sort();
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
}

/**
 * The percentile interval moved so that the replicates' mean falls on `value` and shrunk by
 * `scale`: for statistics that resampling shifts, such as Fréchet distances, which repeated images
 * raise. `scale` is √(m/n) where m images were drawn for a set of n (Bickel, Götze and van Zwet
 * 1997).
 */
export function centredInterval(
  value: number,
  replicates: Float64Array,
  { level = 0.95, scale = 1 }: { readonly level?: number; readonly scale?: number } = {},
): Interval {
  const mean = replicates.reduce((sum, r) => sum + r, 0) / replicates.length;
  const { low, high } = percentileInterval(replicates, level);
  return { low: value + scale * (low - mean), high: value + scale * (high - mean) };
}

/** The quantile of sorted values, linear between neighbours (type 7 of Hyndman and Fan 1996). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const index = Math.min(Math.floor(position), sorted.length - 2);
  if (index < 0) return sorted[0];
  return sorted[index] + (position - index) * (sorted[index + 1] - sorted[index]);
}
