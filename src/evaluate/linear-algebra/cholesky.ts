import { type Matrix, matrix } from './matrix.ts';

/**
 * A factor F (rank × n) of a positive semi-definite matrix A = FᵀF by Cholesky's decomposition with
 * diagonal pivoting, which stops at the numerical rank (Higham 2002, “Accuracy and Stability of
 * Numerical Algorithms”, section 10.3), so that singular covariances need no special case.
 */
export function semidefiniteFactor(a: Matrix): Matrix {
  const n = a.rows;
  const rest = a.values.slice();
  const factor = new Float64Array(n * n);
  const used = new Uint8Array(n);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, rest[i * n + i]);
  const negligible = largest * n * Number.EPSILON;
  let rank = 0;
  for (; rank < n; rank++) {
    const pivot = largestDiagonal(rest, used, n);
    if (!(rest[pivot * n + pivot] > negligible)) break;
    const row = factor.subarray(rank * n, (rank + 1) * n);
    eliminate(rest, used, pivot, row);
    used[pivot] = 1;
  }
  return matrix(rank, n, factor.slice(0, rank * n));
}

function largestDiagonal(rest: Float64Array, used: Uint8Array, n: number): number {
  let pivot = -1;
  for (let i = 0; i < n; i++) {
    if (used[i] === 0 && (pivot < 0 || rest[i * n + i] > rest[pivot * n + pivot])) pivot = i;
  }
  return pivot;
}

/** Writes the factor's next row and takes its outer product away from what is left. */
function eliminate(rest: Float64Array, used: Uint8Array, pivot: number, row: Float64Array): void {
  const n = row.length;
  const root = Math.sqrt(rest[pivot * n + pivot]);
  for (let j = 0; j < n; j++) row[j] = used[j] === 1 ? 0 : rest[pivot * n + j] / root;
  row[pivot] = root;
  for (let i = 0; i < n; i++) {
    const scale = row[i];
    if (scale === 0 || used[i] === 1) continue;
    for (let j = 0; j < n; j++) rest[i * n + j] -= scale * row[j];
  }
}
