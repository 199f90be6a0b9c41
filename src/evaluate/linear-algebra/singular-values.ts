import { type Matrix, transpose } from './matrix.ts';
import { tridiagonalEigenvalues } from './tridiagonal-eigenvalues.ts';

/**
 * The singular values of a matrix, in descending order: Householder reflections reduce it to a
 * bidiagonal matrix B, and the eigenvalues of [[0, Bᵀ], [B, 0]], which is tridiagonal with a zero
 * diagonal once its rows are interleaved, are ±σ (Golub and Kahan 1965, section 3). Unlike square
 * roots of the eigenvalues of AᵀA, each is exact to rounding of the largest.
 */
export function singularValues(m: Matrix): Float64Array {
  const tall = m.rows >= m.columns ? m : transpose(m);
  if (tall.columns === 0) return new Float64Array(0);
  const offDiagonal = bidiagonalize(tall);
  const eigenvalues = tridiagonalEigenvalues(new Float64Array(2 * tall.columns), offDiagonal);
  return eigenvalues
    .sort()
    .reverse()
    .slice(0, tall.columns)
    .map((value) => Math.max(0, value));
}

/** The sum of the singular values, ‖A‖∗ = tr (AᵀA)^½. */
export function nuclearNorm(m: Matrix): number {
  return singularValues(m).reduce((sum, value) => sum + value, 0);
}

/** B's diagonal and superdiagonal interleaved: d₀, e₀, d₁, e₁ … d₍ₙ₋₁₎. */
function bidiagonalize(tall: Matrix): Float64Array {
  const { rows, columns } = tall;
  const a = tall.values.slice();
  const interleaved = new Float64Array(2 * columns - 1);
  for (let k = 0; k < columns; k++) {
    const column = new Float64Array(rows);
    for (let i = k; i < rows; i++) column[i] = a[i * columns + k];
    interleaved[2 * k] = toReflector(column, k);
    reflectColumns(a, column, k);
    if (k + 1 === columns) break;
    const row = a.slice(k * columns, (k + 1) * columns);
    interleaved[2 * k + 1] = toReflector(row, k + 1);
    reflectRows(a, row, k);
  }
  return interleaved;
}

/**
 * Turns v[start …] into the unit normal u of the mirror that maps it to (s, 0, …, 0), s = ∓‖v‖,
 * clears what comes before, and gives s. Of a zero vector it leaves u = 0, no reflection.
 */
function toReflector(v: Float64Array, start: number): number {
  v.fill(0, 0, start);
  const norm = euclideanNorm(v);
  if (norm === 0) return 0;
  const image = v[start] > 0 ? -norm : norm;
  v[start] -= image;
  const length = euclideanNorm(v);
  for (let i = start; i < v.length; i++) v[i] /= length;
  return image;
}

function euclideanNorm(v: Float64Array): number {
  let sum = 0;
  for (const value of v) sum += value * value;
  return Math.sqrt(sum);
}

/** A ← (I − 2uuᵀ)A, for the rows from k and the columns after k. */
function reflectColumns(a: Float64Array, u: Float64Array, k: number): void {
  const columns = a.length / u.length;
  const product = new Float64Array(columns);
  for (let i = k; i < u.length; i++) {
    const scale = 2 * u[i];
    const start = i * columns;
    for (let j = k + 1; j < columns; j++) product[j] += scale * a[start + j];
  }
  for (let i = k; i < u.length; i++) {
    const scale = u[i];
    const start = i * columns;
    for (let j = k + 1; j < columns; j++) a[start + j] -= scale * product[j];
  }
}

/** A ← A(I − 2uuᵀ), for the rows after k, whose row k is not read again. */
function reflectRows(a: Float64Array, u: Float64Array, k: number): void {
  const columns = u.length;
  for (let start = (k + 1) * columns; start < a.length; start += columns) {
    let product = 0;
    for (let j = k + 1; j < columns; j++) product += a[start + j] * u[j];
    for (let j = k + 1; j < columns; j++) a[start + j] -= 2 * product * u[j];
  }
}
