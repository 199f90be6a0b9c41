import { describe, expect, test } from 'vitest';
import { normal, randomKey } from '../../base/random.ts';
import { type Matrix, matrix } from '../linear-algebra/matrix.ts';
import {
  frechetDistance,
  frechetDistanceOfMoments,
  resampledFrechetDistance,
} from './frechet-distance.ts';
import { pairProducts } from './two-sets.ts';

const sample = (seed: number, count: number, dimensions: number, deviation = 1, mean = 0) =>
  matrix(
    count,
    dimensions,
    normal(randomKey(seed), count * dimensions).map((v) => v * deviation + mean),
  );

const diagonalFactor = (deviations: readonly number[]): Matrix => {
  const m = matrix(deviations.length, deviations.length);
  for (const [i, deviation] of deviations.entries()) m.values[i * (m.columns + 1)] = deviation;
  return m;
};

describe('closed form for normal distributions', () => {
  test('covariances that commute: Σ (mᵢ − m′ᵢ)² + (sᵢ − s′ᵢ)²', () => {
    const distance = frechetDistanceOfMoments(
      { count: 9, mean: Float64Array.of(1, 2, 3), factor: diagonalFactor([1, 2, 3]) },
      { count: 9, mean: Float64Array.of(1, 0, 0), factor: diagonalFactor([2, 2, 0]) },
    );
    expect(distance).toBeCloseTo(0 + 4 + 9 + (1 + 0 + 9), 12);
  });

  test('covariances that do not commute: [[2, 1], [1, 2]] against diag(1, 4)', () => {
    // tr (Σ₁Σ₂)^½ of a 2 × 2 product P is √(tr P + 2 √det P): tr P = 10, det P = 3 · 4.
    const first = matrix(2, 2, Float64Array.of(Math.SQRT2, Math.SQRT1_2, 0, Math.sqrt(1.5)));
    const distance = frechetDistanceOfMoments(
      { count: 9, mean: new Float64Array(2), factor: first },
      { count: 9, mean: new Float64Array(2), factor: diagonalFactor([1, 2]) },
    );
    expect(distance).toBeCloseTo(4 + 5 - 2 * Math.sqrt(10 + 2 * Math.sqrt(12)), 12);
  });

  test('large samples come near it', () => {
    // N(0, 1) against N(½, 2²) in 4 dimensions: 4 · (¼ + 1).
    const distance = frechetDistance(sample(1, 20_000, 4), sample(2, 20_000, 4, 2, 0.5));
    expect(Math.abs(distance - 5)).toBeLessThan(0.15);
  });
});

test.each([
  [50, 8],
  [8, 50],
  [300, 300],
])('a set of %i images in %i dimensions has distance 0 to itself', (count, dimensions) => {
  const features = sample(3, count, dimensions);
  expect(Math.abs(frechetDistance(features, features))).toBeLessThan(1e-10 * dimensions);
});

test('a constant set is as far as the spread and the mean of the other', () => {
  const constant = matrix(3, 2, Float64Array.of(1, 0, 1, 0, 1, 0));
  const other = matrix(2, 2, Float64Array.of(0, 0, 2, 0));
  expect(frechetDistance(constant, other)).toBeCloseTo(2, 12);
});

test('resampling every image once is the distance itself', () => {
  const first = sample(4, 30, 12);
  const second = sample(5, 25, 12, 1.5, 0.2);
  const once = { first: new Float64Array(30).fill(1), second: new Float64Array(25).fill(1) };
  const distance = resampledFrechetDistance(pairProducts(first, second), once);
  expect(distance).toBeCloseTo(frechetDistance(first, second), 11);
});

test('768 dimensions take seconds', () => {
  const start = performance.now();
  frechetDistance(sample(6, 1000, 768), sample(7, 1000, 768));
  expect(performance.now() - start).toBeLessThan(20_000);
});
