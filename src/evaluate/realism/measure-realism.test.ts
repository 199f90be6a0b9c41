import { describe, expect, test } from 'vitest';
import { normal, randomKey } from '../../base/random.ts';
import { type Matrix, matrix } from '../linear-algebra/matrix.ts';
import { measureRealism } from './measure-realism.ts';
import type { SetFeatures } from './set-products.ts';

const dimensions = 12;
const sample = (seed: number, count: number, mean: number): Matrix =>
  matrix(
    count,
    dimensions,
    normal(randomKey(seed), count * dimensions).map((v) => v + mean),
  );
const shifted = (m: Matrix, by: number): Matrix => ({ ...m, values: m.values.map((v) => v + by) });
const options = { key: randomKey(7), replicates: 60 };
const synthetic = sample(1, 90, 1);
const real = sample(2, 200, 0);

const measure = (refined: Matrix, others: Partial<SetFeatures> = {}) =>
  measureRealism({ synthetic, refined, real, ...others }, options);

describe.each(['kernel', 'frechet'] as const)('%s distance', (name) => {
  test('a refiner that returns its input closes exactly nothing', () => {
    const unchanged = measure(synthetic)[name];
    expect(unchanged.refined).toEqual(unchanged.synthetic);
    expect(unchanged.gapClosed).toMatchObject({ value: 0 });
    expect(unchanged.gapClosed?.low).toBeCloseTo(0, 12);
    expect(unchanged.gapClosed?.high).toBeCloseTo(0, 12);
  });

  test('one that shifts the features onto the photographs closes all', () => {
    const { gapClosed, refined, real: halves } = measure(shifted(synthetic, -1))[name];
    expect(gapClosed?.value).toBeGreaterThan(0.9);
    expect(gapClosed?.low).toBeLessThan(gapClosed?.value ?? 0);
    expect(gapClosed?.high).toBeGreaterThan(gapClosed?.value ?? 9);
    expect(refined.low).toBeLessThan(halves.high);
  });

  test('half of the shift closes a part, the other way opens more', () => {
    const half = measure(shifted(synthetic, -0.5))[name].gapClosed?.value ?? 0;
    expect(half).toBeGreaterThan(0.3);
    expect(half).toBeLessThan(0.95);
    expect(measure(shifted(synthetic, 0.5))[name].gapClosed?.value).toBeLessThan(0);
  });

  test('no gap, no share of it', () => {
    const same = measure(sample(3, 90, 0), { synthetic: sample(4, 90, 0) })[name];
    expect(same.gapClosed).toBeUndefined();
  });

  test('the interval of an own sample holds the distance of another', () => {
    const [first, second] = [5, 6].map(
      (seed) => measure(synthetic, { synthetic: sample(seed, 90, 1) })[name].synthetic,
    );
    const width = first.high - first.low;
    expect(width).toBeGreaterThan(0);
    expect(second.value).toBeGreaterThan(first.low - width);
    expect(second.value).toBeLessThan(first.high + width);
  });
});

test('sets of different sizes, few paired images and few draws', () => {
  const few = { ...options, pairedImages: 40, frechetDraws: 20 };
  const measured = measureRealism({ synthetic, refined: sample(8, 60, 0.5), real }, few);
  expect(measured.frechet.images).toBe(60);
  expect(measured.kernel.standardErrors.refined).toBeGreaterThan(0);
  expect(measured.kernel.gapClosed?.value).toBeGreaterThan(0);
  expect(measured.neighbours.refined.precision.value).toBeGreaterThan(
    measured.neighbours.synthetic.precision.value,
  );
  expect(measured.warnings.join(' ')).toMatch(/60 images a side/);
});

test('precision and its like have intervals around their values, equal for equal sets', () => {
  const { neighbours } = measure(synthetic);
  expect(neighbours.refined).toEqual(neighbours.synthetic);
  for (const { value, low, high } of Object.values(neighbours.synthetic)) {
    expect(low).toBeGreaterThanOrEqual(0);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  }
  expect(neighbours.synthetic.recall.high).toBeLessThanOrEqual(1);
  expect(neighbours.synthetic.coverage.high - neighbours.synthetic.coverage.low).toBeGreaterThan(0);
  // About as wide as the spread of values over samples drawn anew.
  const others = [21, 22, 23, 24, 25, 26].map(
    (seed) => measure(sample(seed, 90, 1)).neighbours.refined.coverage.value,
  );
  const range = Math.max(...others) - Math.min(...others);
  const { low, high } = neighbours.synthetic.coverage;
  expect(high - low).toBeGreaterThan(range / 3);
  expect(high - low).toBeLessThan(5 * range);
});
