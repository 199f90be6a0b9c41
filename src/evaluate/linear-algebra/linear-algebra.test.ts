import { describe, expect, test } from 'vitest';
import { normal, randomKey } from '../../base/random.ts';
import { semidefiniteFactor } from './cholesky.ts';
import { gram, multiplyByTransposed } from './gram.ts';
import { centreColumns, matrix, matrixFromRows, selectRows, transpose } from './matrix.ts';
import { nuclearNorm, singularValues } from './singular-values.ts';
import { tridiagonalEigenvalues } from './tridiagonal-eigenvalues.ts';

const random = (seed: number, rows: number, columns: number) =>
  matrix(rows, columns, normal(randomKey(seed), rows * columns));

describe('products of rows', () => {
  test('by hand', () => {
    const a = matrixFromRows([
      [1, 2],
      [3, 4],
    ]);
    const b = matrixFromRows([[5, 6]]);
    expect([...multiplyByTransposed(a, b).values]).toEqual([17, 39]);
  });

  test.each([
    [4, 4, 3],
    [5, 7, 2],
    [9, 8, 11],
  ])('%i × %i rows of %i: whole and cut tiles agree with the sum', (rows, others, width) => {
    const a = random(1, rows, width);
    const b = random(2, others, width);
    const product = multiplyByTransposed(a, b);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < others; j++) {
        let sum = 0;
        for (let k = 0; k < width; k++) sum += a.values[i * width + k] * b.values[j * width + k];
        expect(product.values[i * others + j]).toBeCloseTo(sum, 12);
      }
    }
    expect(gram(a)).toEqual(multiplyByTransposed(a, a));
  });

  test('rows of different lengths are refused', () => {
    expect(() => multiplyByTransposed(random(1, 2, 3), random(1, 2, 4))).toThrow(/3 and 4/);
  });
});

test('rows are selected, columns centred, sides exchanged', () => {
  const m = matrixFromRows([
    [1, 10],
    [3, 20],
    [5, 60],
  ]);
  expect([...selectRows(m, [2, 0, 2]).values]).toEqual([5, 60, 1, 10, 5, 60]);
  expect([...centreColumns(m).values]).toEqual([-2, -20, 0, -10, 2, 30]);
  expect([...transpose(m).values]).toEqual([1, 3, 5, 10, 20, 60]);
  expect(() => matrixFromRows([[1, 2], [3]])).toThrow(/row 1/);
});

describe('semidefiniteFactor', () => {
  test('FᵀF is the matrix, and F has its rank', () => {
    const few = random(3, 5, 9);
    const singular = gram(transpose(few));
    const factor = semidefiniteFactor(singular);
    expect(factor.rows).toBe(5);
    const again = gram(transpose(factor));
    for (const [i, value] of singular.values.entries()) {
      expect(again.values[i]).toBeCloseTo(value, 12);
    }
  });

  test('of zeros is empty', () => {
    expect(semidefiniteFactor(matrix(3, 3)).rows).toBe(0);
  });
});

test('tridiagonalEigenvalues: the second difference matrix has 2 − 2 cos(kπ / (n + 1))', () => {
  const n = 40;
  const eigenvalues = tridiagonalEigenvalues(
    new Float64Array(n).fill(2),
    new Float64Array(n - 1).fill(-1),
  ).sort();
  for (let k = 1; k <= n; k++) {
    expect(eigenvalues[k - 1]).toBeCloseTo(2 - 2 * Math.cos((k * Math.PI) / (n + 1)), 13);
  }
});

describe('singularValues', () => {
  test('by hand: [[3, 0], [4, 5]] has √45 and √5', () => {
    const values = singularValues(
      matrixFromRows([
        [3, 0],
        [4, 5],
      ]),
    );
    expect(values[0]).toBeCloseTo(Math.sqrt(45), 14);
    expect(values[1]).toBeCloseTo(Math.sqrt(5), 14);
  });

  test('a wide matrix has those of its transpose, and their squares sum to its squares', () => {
    const wide = random(4, 6, 17);
    const values = singularValues(wide);
    const tall = singularValues(transpose(wide));
    expect(values).toHaveLength(6);
    for (const [i, value] of values.entries()) expect(tall[i]).toBeCloseTo(value, 12);
    const squares = wide.values.reduce((sum, v) => sum + v * v, 0);
    expect(values.reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(squares, 10);
  });

  test('zero singular values come out as zero to rounding, not to its root', () => {
    const rankTwo = multiplyByTransposed(random(5, 30, 2), random(6, 30, 2));
    const values = singularValues(rankTwo);
    expect(values[1]).toBeGreaterThan(1);
    expect(values[2]).toBeLessThan(1e-12);
  });

  test('zeros and nothing', () => {
    expect(nuclearNorm(matrix(3, 3))).toBe(0);
    expect(nuclearNorm(matrix(0, 3))).toBe(0);
  });

  test('values that are not finite are refused', () => {
    expect(() => singularValues(matrix(2, 2, Float64Array.of(Number.NaN, 1, 2, 3)))).toThrow(
      /finite/,
    );
  });
});
