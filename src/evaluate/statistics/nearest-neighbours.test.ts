import { describe, expect, test } from 'vitest';
import { normal, randomKey } from '../../base/random.ts';
import { type Matrix, matrix, matrixFromRows } from '../linear-algebra/matrix.ts';
import { densityCoverage, precisionRecall } from './nearest-neighbours.ts';
import { pairProducts, pairSquaredDistances } from './two-sets.ts';

const distances = (first: Matrix, second: Matrix) =>
  pairSquaredDistances(pairProducts(first, second));
const line = (...positions: number[]) => matrixFromRows(positions.map((p) => [p]));
const sample = (seed: number, count: number) =>
  matrix(count, 3, normal(randomKey(seed), count * 3));

test('by hand on a line, k = 1', () => {
  // Photographs 0, 1, 10 have radii 1, 1, 9; judged images 0.5, 5, 30 have 4.5, 4.5, 25.
  const d = distances(line(0.5, 5, 30), line(0, 1, 10));
  expect(precisionRecall(d, 1)).toEqual({ precision: 2 / 3, recall: 1 });
  // 0.5 lies inside two balls, 5 inside one, 30 inside none; each photograph has one inside.
  expect(densityCoverage(d, 1)).toEqual({ density: 1, coverage: 1 });
});

describe('a set against itself and against one far away', () => {
  test('itself is covered whole', () => {
    const d = distances(sample(1, 40), sample(1, 40));
    expect(precisionRecall(d)).toEqual({ precision: 1, recall: 1 });
    expect(densityCoverage(d).coverage).toBe(1);
  });

  test('far away covers nothing', () => {
    const near = sample(1, 40);
    const far = matrix(
      40,
      3,
      sample(2, 40).values.map((v) => v + 100),
    );
    const d = distances(far, near);
    expect(precisionRecall(d)).toEqual({ precision: 0, recall: 0 });
    expect(densityCoverage(d)).toEqual({ density: 0, coverage: 0 });
  });

  test('a collapsed set is precise but recalls nothing', () => {
    const real = sample(1, 40);
    const collapsed = matrixFromRows(Array.from({ length: 40 }, () => [0, 0, 0]));
    const { precision, recall } = precisionRecall(distances(collapsed, real));
    expect(precision).toBe(1);
    expect(recall).toBe(0);
  });
});

test('fewer images than neighbours are refused', () => {
  expect(() => precisionRecall(distances(line(1, 2, 3), line(1, 2, 3)))).toThrow(/more than 3/);
});
