import { describe, expect, test } from 'vitest';
import { normal, randomKey, split } from '../../base/random.ts';
import { matrix, matrixFromRows } from '../linear-algebra/matrix.ts';
import { resampleCounts } from './bootstrap.ts';
import { cubicKernel, kernelDistance, subsetKernelDistance } from './kernel-distance.ts';
import { pairProducts } from './two-sets.ts';

const sample = (seed: number, count: number, mean = 0) =>
  matrix(
    count,
    4,
    normal(randomKey(seed), count * 4).map((v) => v + mean),
  );
const kernels = (first: ReturnType<typeof sample>, second: ReturnType<typeof sample>) =>
  cubicKernel(pairProducts(first, second), 4);
const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

test('by hand, one dimension', () => {
  // Kernels (xy + 1)³: within {0, 1} 1, within {1, 2} 27, across 1, 1, 8, 27.
  const products = pairProducts(matrixFromRows([[0], [1]]), matrixFromRows([[1], [2]]));
  expect(kernelDistance(cubicKernel(products, 1))).toBeCloseTo(1 + 27 - (2 * 37) / 4, 12);
});

describe('unbiased', () => {
  test('samples of one distribution are at zero on average', () => {
    const distances = Array.from({ length: 60 }, (_, i) =>
      kernelDistance(kernels(sample(2 * i, 30), sample(2 * i + 1, 30))),
    );
    const deviation = Math.sqrt(mean(distances.map((d) => d * d)) / distances.length);
    expect(Math.abs(mean(distances))).toBeLessThan(3 * deviation);
    expect(Math.min(...distances)).toBeLessThan(0);
  });

  test('resampled sets too: drawing images twice does not push the sets apart', () => {
    const k = kernels(sample(1, 60), sample(2, 60, 0.5));
    const whole = kernelDistance(k);
    const distances = Array.from({ length: 200 }, (_, i) => {
      const key = randomKey(i);
      const first = resampleCounts(split(key, 'first'), 60);
      const second = resampleCounts(split(key, 'second'), 60);
      return kernelDistance(k, { first, second });
    });
    const spread = Math.sqrt(mean(distances.map((d) => (d - whole) ** 2)) / distances.length);
    expect(Math.abs(mean(distances) - whole)).toBeLessThan(4 * spread);
  });
});

describe('subsets', () => {
  const k = kernels(sample(1, 80), sample(2, 70, 0.5));

  test('average near the whole, with a standard error', () => {
    const subset = subsetKernelDistance(k, { key: randomKey(1) });
    expect(subset).toMatchObject({ subsets: 100, subsetSize: 35 });
    expect(subset.standardError).toBeGreaterThan(0);
    expect(Math.abs(subset.mean - kernelDistance(k))).toBeLessThan(4 * subset.standardError);
  });

  test('follow the key', () => {
    const at = (seed: number) => subsetKernelDistance(k, { key: randomKey(seed) }).mean;
    expect(at(1)).toBe(at(1));
    expect(at(1)).not.toBe(at(2));
  });

  test('of the whole size give the distance itself', () => {
    const square = kernels(sample(1, 30), sample(2, 30));
    const options = { key: randomKey(1), subsets: 3, subsetSize: 30 };
    const subset = subsetKernelDistance(square, options);
    expect(subset.mean).toBeCloseTo(kernelDistance(square), 12);
  });
});
