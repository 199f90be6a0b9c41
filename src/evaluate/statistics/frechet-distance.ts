import { semidefiniteFactor } from '../linear-algebra/cholesky.ts';
import { gram, multiplyByTransposed } from '../linear-algebra/gram.ts';
import {
  centreColumns,
  columnMeans,
  type Matrix,
  matrix,
  transpose,
} from '../linear-algebra/matrix.ts';
import { nuclearNorm } from '../linear-algebra/singular-values.ts';
import { diagonal, type PairMatrices } from './two-sets.ts';

/** Mean and covariance FᵀF of a set, with F [rank, dimensions]. */
export interface Moments {
  readonly count: number;
  readonly mean: Float64Array;
  readonly factor: Matrix;
}

/**
 * The moments of features [images, dimensions], with the covariance's divisor n − 1. Few images are
 * themselves the factor, so that a singular covariance costs nothing in accuracy.
 */
export function moments(features: Matrix): Moments {
  const { rows, columns } = features;
  const divisor = 1 / (rows - 1);
  const centred = centreColumns(features);
  const factor =
    rows <= columns
      ? matrix(
          rows,
          columns,
          centred.values.map((value) => value * Math.sqrt(divisor)),
        )
      : semidefiniteFactor(scaled(gram(transpose(centred)), divisor));
  return { count: rows, mean: columnMeans(features), factor };
}

/**
 * The Fréchet distance between normal distributions with the moments of two sets,
 * d² = ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) (Heusel et al. 2017, arXiv 1706.08500, section 3), as
 * d², which is what the field calls the distance. With Σᵢ = FᵢᵀFᵢ the last trace is the nuclear
 * norm of F₁F₂ᵀ. Biased upward by 1/n, so comparable only between equal counts in the same feature
 * space; it is FID only on the features of the Inception network of that paper.
 *
 * @param first features [images, dimensions], two images or more
 * @param second features in the same space
 * @returns at least 0 but for rounding
 */
export function frechetDistance(first: Matrix, second: Matrix): number {
  return frechetDistanceOfMoments(moments(first), moments(second));
}

/** {@link frechetDistance} of moments that are already there. */
export function frechetDistanceOfMoments(first: Moments, second: Moments): number {
  const between = first.mean.reduce((sum, m, i) => sum + (m - second.mean[i]) ** 2, 0);
  const common = nuclearNorm(multiplyByTransposed(first.factor, second.factor));
  return between + sumOfSquares(first.factor) + sumOfSquares(second.factor) - 2 * common;
}

/**
 * {@link frechetDistance} of two resampled sets, from the scalar products of the original images
 * and how often each was drawn: with G the products across, the nuclear norm is that of
 * W₁^½ (I − 1w₁ᵀ) G (I − w₂1ᵀ) W₂^½ over the drawn images, which is smaller than the covariances.
 *
 * @param counts how often each image of the first and of the second set was drawn
 */
export function resampledFrechetDistance(
  products: PairMatrices,
  counts: { readonly first: Float64Array; readonly second: Float64Array },
): number {
  const first = weights(counts.first);
  const second = weights(counts.second);
  const own = spread(products.first, first);
  const other = spread(products.second, second);
  const between = own.meanSquare + other.meanSquare - 2 * bilinear(products.across, first, second);
  const common = nuclearNorm(centredCross(products.across, first, second));
  const divisor = Math.sqrt(first.unbiased * second.unbiased);
  return between + own.variance + other.variance - 2 * common * divisor;
}

interface Weights {
  /** The images that were drawn, and the share of each: sums to 1. */
  readonly indices: readonly number[];
  readonly shares: readonly number[];
  /** n / (n − 1) with n the number of draws. */
  readonly unbiased: number;
}

function weights(counts: Float64Array): Weights {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const indices = [...counts.keys()].filter((i) => counts[i] > 0);
  return {
    indices,
    shares: indices.map((i) => counts[i] / total),
    unbiased: total / (total - 1),
  };
}

/** ‖μ‖² and tr Σ of a resampled set. */
function spread(products: Matrix, w: Weights): { meanSquare: number; variance: number } {
  const own = diagonal(products);
  const meanSquare = bilinear(products, w, w);
  const square = w.indices.reduce((sum, i, k) => sum + w.shares[k] * own[i], 0);
  return { meanSquare, variance: (square - meanSquare) * w.unbiased };
}

function bilinear(m: Matrix, rows: Weights, columns: Weights): number {
  return rows.indices.reduce((sum, i, k) => sum + rows.shares[k] * rowMean(m, i, columns), 0);
}

function rowMean(m: Matrix, i: number, { indices, shares }: Weights): number {
  let sum = 0;
  for (let l = 0; l < indices.length; l++) sum += shares[l] * m.values[i * m.columns + indices[l]];
  return sum;
}

function centredCross(across: Matrix, rows: Weights, columns: Weights): Matrix {
  const result = matrix(rows.indices.length, columns.indices.length);
  const rowMeans = rows.indices.map((i) => rowMean(across, i, columns));
  const columnMeansOfRows = new Float64Array(columns.indices.length);
  for (const [k, i] of rows.indices.entries()) {
    for (const [l, j] of columns.indices.entries()) {
      columnMeansOfRows[l] += rows.shares[k] * across.values[i * across.columns + j];
    }
  }
  const mean = rowMeans.reduce((sum, value, k) => sum + rows.shares[k] * value, 0);
  for (const [k, i] of rows.indices.entries()) {
    for (const [l, j] of columns.indices.entries()) {
      const value = across.values[i * across.columns + j];
      result.values[k * result.columns + l] =
        (value - rowMeans[k] - columnMeansOfRows[l] + mean) *
        Math.sqrt(rows.shares[k] * columns.shares[l]);
    }
  }
  return result;
}

function sumOfSquares(m: Matrix): number {
  return m.values.reduce((sum, value) => sum + value * value, 0);
}

function scaled(m: Matrix, scale: number): Matrix {
  return matrix(
    m.rows,
    m.columns,
    m.values.map((value) => value * scale),
  );
}
