import { expect, test } from 'vitest';
import { normal, randomKey } from '../../base/random.ts';
import { matrix } from '../linear-algebra/matrix.ts';
import { twoSampleAccuracy } from './two-sample-classifier.ts';

const sample = (seed: number, count: number, mean: number, columns = 20) =>
  matrix(
    count,
    columns,
    normal(randomKey(seed), count * columns).map((v, i) => v * (1 + (i % columns)) + mean),
  );
const options = { key: randomKey(4) };

test('samples of one distribution cannot be told apart', () => {
  const { accuracy, low, high, images } = twoSampleAccuracy(
    sample(1, 150, 0),
    sample(2, 130, 0),
    options,
  );
  expect(images).toBe(130);
  expect(low).toBeLessThan(0.5);
  expect(high).toBeGreaterThan(0.5);
  expect(accuracy).toBeGreaterThan(low);
});

test('distant ones can, image by image', () => {
  const { accuracy, high } = twoSampleAccuracy(sample(1, 60, 0), sample(2, 60, 20), options);
  expect(accuracy).toBeGreaterThan(0.97);
  expect(high).toBeLessThanOrEqual(1);
});

test('near ones in part, about as often as the best possible', () => {
  // In one dimension two normal distributions two deviations apart are told with Φ(1) = 0.841.
  const first = sample(1, 600, 0, 1);
  const second = sample(2, 600, 2, 1);
  expect(Math.abs(twoSampleAccuracy(first, second, options).accuracy - 0.841)).toBeLessThan(0.03);
});

test('constant features are no obstacle', () => {
  const flat = matrix(20, 2, new Float64Array(40).fill(3));
  const { accuracy } = twoSampleAccuracy(flat, flat, options);
  expect(accuracy).toBeLessThanOrEqual(0.5);
});

test('the interval by hand: 8 of 10 is 0.49 … 0.94', () => {
  const line = (...values: number[]) => matrix(values.length, 1, Float64Array.from(values));
  const { accuracy, low, high } = twoSampleAccuracy(
    line(0, 0, 0, 0, 9),
    line(9, 9, 9, 9, 0),
    options,
  );
  expect(accuracy).toBe(0.8);
  expect(low).toBeCloseTo(0.4902, 3);
  expect(high).toBeCloseTo(0.9433, 3);
});
