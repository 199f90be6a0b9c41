import { gram, multiplyByTransposed } from '../linear-algebra/gram.ts';
import { type Matrix, matrix } from '../linear-algebra/matrix.ts';

/**
 * A number for every pair of images of two sets: within the first [n, n], within the second [m, m]
 * and across [n, m]. What the number is (scalar product, kernel, squared distance) the name says.
 */
export interface PairMatrices {
  readonly first: Matrix;
  readonly second: Matrix;
  readonly across: Matrix;
}

/** Scalar products of the features of every pair of images; features are [images, dimensions]. */
export function pairProducts(first: Matrix, second: Matrix): PairMatrices {
  return {
    first: gram(first),
    second: gram(second),
    across: multiplyByTransposed(first, second),
  };
}

/** Squared Euclidean distances from scalar products, ‖x − y‖² = x·x + y·y − 2x·y. */
export function pairSquaredDistances({ first, second, across }: PairMatrices): PairMatrices {
  const ownFirst = diagonal(first);
  const ownSecond = diagonal(second);
  return {
    first: squaredDistances(first, ownFirst, ownFirst),
    second: squaredDistances(second, ownSecond, ownSecond),
    across: squaredDistances(across, ownFirst, ownSecond),
  };
}

/** The diagonal of a square matrix. */
export function diagonal(m: Matrix): Float64Array {
  return Float64Array.from({ length: m.rows }, (_, i) => m.values[i * m.columns + i]);
}

function squaredDistances(m: Matrix, rows: Float64Array, columns: Float64Array): Matrix {
  const result = matrix(m.rows, m.columns);
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) {
      const k = i * m.columns + j;
      result.values[k] = Math.max(0, rows[i] + columns[j] - 2 * m.values[k]);
    }
  }
  return result;
}
