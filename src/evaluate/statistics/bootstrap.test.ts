import { describe, expect, test } from 'vitest';
import { normal, randomKey, split } from '../../base/random.ts';
import {
  bootstrap,
  centredInterval,
  percentileInterval,
  quantile,
  resampleCounts,
} from './bootstrap.ts';

test('quantiles lie between neighbours', () => {
  expect(quantile([1, 2, 4], 0.75)).toBe(3);
  expect(quantile([7], 0.3)).toBe(7);
});

test('a resample draws as many as asked, from all of them', () => {
  const counts = resampleCounts(randomKey(1), 50, 400);
  expect(counts.reduce((sum, c) => sum + c, 0)).toBe(400);
  expect(counts.every((c) => c > 0)).toBe(true);
  expect(resampleCounts(randomKey(1), 50, 400)).toEqual(counts);
});

describe('intervals of a mean', () => {
  const resampledMean = (values: Float64Array) =>
    bootstrap({ key: randomKey(9), replicates: 400 }, (key) => {
      const counts = resampleCounts(key, values.length);
      return values.reduce((sum, v, i) => sum + v * counts[i], 0) / values.length;
    });

  test('have the width of the normal theory', () => {
    const values = normal(randomKey(2), 400);
    const { low, high } = percentileInterval(resampledMean(values));
    expect(high - low).toBeGreaterThan((2 * 1.96 * 0.8) / 20);
    expect(high - low).toBeLessThan((2 * 1.96 * 1.2) / 20);
  });

  test('hold the true mean about 95 times in 100', () => {
    let held = 0;
    for (let trial = 0; trial < 200; trial++) {
      const { low, high } = percentileInterval(
        resampledMean(normal(split(randomKey(3), trial), 40)),
      );
      if (low <= 0 && 0 <= high) held++;
    }
    expect(held).toBeGreaterThan(178);
    expect(held).toBeLessThan(200);
  });
});

test('a centred interval sits on the value and scales', () => {
  const replicates = Float64Array.from({ length: 101 }, (_, i) => 10 + i / 100);
  const { low, high } = centredInterval(3, replicates, { level: 0.9, scale: 0.5 });
  expect(low).toBeCloseTo(3 - 0.225, 12);
  expect(high).toBeCloseTo(3 + 0.225, 12);
});
