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

/**
 * B's diagonal and superdiagonal interleaved: d₀, e₀, d₁, e₁ … d₍ₙ₋₁₎. Each step reads the matrix
 * twice: the mirror of the rows is applied while a row is at hand for that of the columns.
 */
function bidiagonalize(tall: Matrix): Float64Array {
  const { rows, columns } = tall;
  const a = tall.values.slice();
  const interleaved = new Float64Array(2 * columns - 1);
  for (let k = 0; k < columns; k++) {
    const u = new Float64Array(rows);
    for (let i = k; i < rows; i++) u[i] = a[i * columns + k];
    interleaved[2 * k] = toReflector(u, k);
    if (k + 1 === columns) break;
    const product = columnProducts(a, u, k);
    const v = a.slice(k * columns, (k + 1) * columns);
    for (let j = k + 1; j < columns; j++) v[j] -= u[k] * product[j];
    interleaved[2 * k + 1] = toReflector(v, k + 1);
    reflectBothSides(a, { u, product, v, k });
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

/** 2uᵀA for the columns after k; u is zero before k. */
function columnProducts(a: Float64Array, u: Float64Array, k: number): Float64Array {
  const rows = u.length;
  const columns = a.length / rows;
  const product = new Float64Array(columns);
  let i = k;
  // Two rows at once halve the traffic on `product`; the order of the sums stays.
  for (; i + 1 < rows; i += 2) {
    const [p, q] = [2 * u[i], 2 * u[i + 1]];
    const start = i * columns;
    for (let j = k + 1; j < columns; j++) {
      product[j] = product[j] + p * a[start + j] + q * a[start + columns + j];
    }
  }
  if (i < rows) {
    for (let j = k + 1; j < columns; j++) product[j] += 2 * u[i] * a[i * columns + j];
  }
  return product;
}

interface Mirrors {
  readonly u: Float64Array;
  /** 2uᵀA */
  readonly product: Float64Array;
  readonly v: Float64Array;
  readonly k: number;
}

/** A ← (I − 2uuᵀ)A(I − 2vvᵀ) for the rows and columns after k; the others are not read again. */
function reflectBothSides(a: Float64Array, { u, product, v, k }: Mirrors): void {
  const rows = u.length;
  const columns = v.length;
  for (let i = k + 1; i < rows; i++) {
    const start = i * columns;
    const scale = u[i];
    let along = 0;
    for (let j = k + 1; j < columns; j++) {
      const value = a[start + j] - scale * product[j];
      a[start + j] = value;
      along += value * v[j];
    }
    along *= 2;
    for (let j = k + 1; j < columns; j++) a[start + j] -= along * v[j];
  }
}
