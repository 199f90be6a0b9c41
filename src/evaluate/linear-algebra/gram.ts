import { type Matrix, matrix } from './matrix.ts';

/** `a · bᵀ`: the scalar product of every row of `a` with every row of `b`. */
export function multiplyByTransposed(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.columns) {
    throw new Error(`Expected rows of equal length, got ${a.columns} and ${b.columns}.`);
  }
  const product = matrix(a.rows, b.rows);
  for (let i = 0; i < a.rows; i += tile) {
    for (let j = 0; j < b.rows; j += tile) fillTile(product, a, b, i, j);
  }
  return product;
}

/** `a · aᵀ`, at half the cost of the general product. */
export function gram(a: Matrix): Matrix {
  const product = matrix(a.rows, a.rows);
  for (let i = 0; i < a.rows; i += tile) {
    for (let j = 0; j <= i; j += tile) fillTile(product, a, a, i, j);
  }
  for (let i = 0; i < a.rows; i++) {
    for (let j = i + 1; j < a.rows; j++) {
      product.values[i * a.rows + j] = product.values[j * a.rows + i];
    }
  }
  return product;
}

const tile = 4;

function fillTile(product: Matrix, a: Matrix, b: Matrix, row: number, column: number): void {
  if (row + tile <= a.rows && column + tile <= b.rows) {
    fillWholeTile(product, a, b, row, column);
    return;
  }
  const width = a.columns;
  for (let i = row; i < Math.min(row + tile, a.rows); i++) {
    for (let j = column; j < Math.min(column + tile, b.rows); j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += a.values[i * width + k] * b.values[j * width + k];
      product.values[i * b.rows + j] = sum;
    }
  }
}

/** Sixteen products in registers: eight loads serve sixteen multiplications. */
function fillWholeTile(product: Matrix, a: Matrix, b: Matrix, row: number, column: number): void {
  const width = a.columns;
  const x = a.values;
  const y = b.values;
  let x0 = row * width;
  let y0 = column * width;
  const end = x0 + width;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  for (; x0 < end; x0++, y0++) {
    const p0 = x[x0];
    const p1 = x[x0 + width];
    const p2 = x[x0 + 2 * width];
    const p3 = x[x0 + 3 * width];
    const q0 = y[y0];
    const q1 = y[y0 + width];
    const q2 = y[y0 + 2 * width];
    const q3 = y[y0 + 3 * width];
    s00 += p0 * q0;
    s01 += p0 * q1;
    s02 += p0 * q2;
    s03 += p0 * q3;
    s10 += p1 * q0;
    s11 += p1 * q1;
    s12 += p1 * q2;
    s13 += p1 * q3;
    s20 += p2 * q0;
    s21 += p2 * q1;
    s22 += p2 * q2;
    s23 += p2 * q3;
    s30 += p3 * q0;
    s31 += p3 * q1;
    s32 += p3 * q2;
    s33 += p3 * q3;
  }
  const start = row * b.rows + column;
  product.values.set([s00, s01, s02, s03], start);
  product.values.set([s10, s11, s12, s13], start + b.rows);
  product.values.set([s20, s21, s22, s23], start + 2 * b.rows);
  product.values.set([s30, s31, s32, s33], start + 3 * b.rows);
}
