import { permutation, type RandomKey, split } from '../../base/random.ts';
import { type Matrix, matrix, subMatrix } from '../linear-algebra/matrix.ts';
import type { PairMatrices } from './two-sets.ts';

/**
 * The cubic polynomial kernel k(x, y) = (x·y / d + 1)³ of every pair, from scalar products of
 * features with d dimensions (Bińkowski et al. 2018, arXiv 1801.01401, section 3.1).
 */
export function cubicKernel(products: PairMatrices, dimensions: number): PairMatrices {
  const kernel = ({ rows, columns, values }: Matrix) =>
    matrix(
      rows,
      columns,
      values.map((product) => (product / dimensions + 1) ** 3),
    );
  return {
    first: kernel(products.first),
    second: kernel(products.second),
    across: kernel(products.across),
  };
}

/** How much each image of a set counts; all ones where the set was not resampled. */
export interface SetWeights {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/**
 * The unbiased squared maximum mean discrepancy of two sets (Gretton et al. 2012, equation 3): the
 * mean kernel of pairs within the first set, plus within the second, minus twice the mean across.
 * Pairs of an image with itself do not count, nor do they in a resampled set, where they would make
 * any two sets look farther apart. Zero on average for samples of one distribution, so it may be
 * negative.
 *
 * @param kernels of every pair, such as from {@link cubicKernel}
 * @param weights how much each image counts, by default 1
 */
export function kernelDistance(kernels: PairMatrices, weights?: SetWeights): number {
  const first = weights?.first ?? new Float64Array(kernels.first.rows).fill(1);
  const second = weights?.second ?? new Float64Array(kernels.second.rows).fill(1);
  const across = weightedSum(kernels.across, first, second) / (total(first) * total(second));
  return meanOfPairs(kernels.first, first) + meanOfPairs(kernels.second, second) - 2 * across;
}

export interface SubsetOptions {
  readonly key: RandomKey;
  /** How many subsets, 100 by default. */
  readonly subsets?: number;
  /** Images in each, by default 1,000 or half of the smaller set. */
  readonly subsetSize?: number;
}

export interface SubsetDistance {
  readonly mean: number;
  /** The standard deviation over the subsets divided by the square root of their number. */
  readonly standardError: number;
  readonly subsets: number;
  readonly subsetSize: number;
}

/**
 * The mean of {@link kernelDistance} over random subsets, as clean-fid computes KID (Parmar et al.
 * 2022, arXiv 2104.11222), except that a subset is at most half of a set: clean-fid's whole sets of
 * up to 1,000 images give the same number each time and a standard error of zero.
 */
export function subsetKernelDistance(
  kernels: PairMatrices,
  { key, subsets = 100, subsetSize = defaultSubsetSize(kernels) }: SubsetOptions,
): SubsetDistance {
  const distances = Float64Array.from({ length: subsets }, (_, s) => {
    const draw = (label: string, rows: number) =>
      permutation(split(key, 'subset', s, label), rows).subarray(0, subsetSize);
    const first = draw('first', kernels.first.rows);
    const second = draw('second', kernels.second.rows);
    return kernelDistance({
      first: subMatrix(kernels.first, first, first),
      second: subMatrix(kernels.second, second, second),
      across: subMatrix(kernels.across, first, second),
    });
  });
  const mean = total(distances) / subsets;
  const variance = distances.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (subsets - 1);
  return { mean, standardError: Math.sqrt(variance / subsets), subsets, subsetSize };
}

function defaultSubsetSize(kernels: PairMatrices): number {
  const smaller = Math.min(kernels.first.rows, kernels.second.rows);
  return Math.max(2, Math.min(1000, Math.floor(smaller / 2)));
}

function meanOfPairs(m: Matrix, w: Float64Array): number {
  let own = 0;
  let ownWeight = 0;
  for (let i = 0; i < w.length; i++) {
    own += w[i] * w[i] * m.values[i * m.columns + i];
    ownWeight += w[i] * w[i];
  }
  return (weightedSum(m, w, w) - own) / (total(w) ** 2 - ownWeight);
}

function weightedSum(m: Matrix, rows: Float64Array, columns: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < m.rows; i++) {
    if (rows[i] === 0) continue;
    let row = 0;
    const start = i * m.columns;
    for (let j = 0; j < m.columns; j++) row += columns[j] * m.values[start + j];
    sum += rows[i] * row;
  }
  return sum;
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
