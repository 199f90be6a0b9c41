import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Matrix, matrix } from '../linear-algebra/matrix.ts';
import { quantile } from './bootstrap.ts';
import { frechetDistance, resampledFrechetDistance } from './frechet-distance.ts';
import { cubicKernel, kernelDistance } from './kernel-distance.ts';
import { densityCoverage, precisionRecall } from './nearest-neighbours.ts';
import { pairProducts, pairSquaredDistances } from './two-sets.ts';

interface Case {
  readonly name: string;
  readonly first: number;
  readonly second: number;
  readonly dimensions: number;
  readonly shift: number;
  readonly values: Readonly<Record<string, number>>;
}

const reference: { readonly cases: readonly Case[]; readonly quantiles: readonly number[] } =
  JSON.parse(readFileSync(new URL('./fixtures/reference.json', import.meta.url), 'utf8'));

/** The generator of scripts/reference/statistics.py. */
function features(seed: number, count: number, dimensions: number, shift: number): Matrix {
  let state = seed;
  const values = Float64Array.from({ length: count * dimensions }, (_, i) => {
    let total = -2;
    for (let draw = 0; draw < 4; draw++) {
      state = (state * 48271) % 2147483647;
      total += state / 2147483647;
    }
    return total / (1 + (i % dimensions) / 8) + shift;
  });
  return matrix(count, dimensions, values);
}

function expectRelative(actual: number, expected: number): void {
  expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-6);
}

describe.each(reference.cases)('numpy and scipy agree: $name', (c) => {
  const x = features(11, c.first, c.dimensions, 0);
  const y = features(23, c.second, c.dimensions, c.shift);
  const products = pairProducts(x, y);
  const counts = {
    first: Float64Array.from({ length: c.first }, (_, i) => i % 3),
    second: Float64Array.from({ length: c.second }, (_, i) => (i + 1) % 3),
  };

  test('Fréchet distance', () => {
    const distance = frechetDistance(x, y);
    expectRelative(distance, c.values.frechet);
    if (c.values.frechetAsPublished !== undefined) {
      expectRelative(distance, c.values.frechetAsPublished);
    }
  });

  test('kernel distance', () => {
    expectRelative(kernelDistance(cubicKernel(products, c.dimensions)), c.values.kernel);
  });

  test('precision, recall, density, coverage', () => {
    const distances = pairSquaredDistances(products);
    const found = { ...precisionRecall(distances), ...densityCoverage(distances) };
    for (const [name, value] of Object.entries(found)) {
      expect(value, name).toBeCloseTo(c.values[name], 12);
    }
  });

  test('resampled distances', () => {
    expectRelative(resampledFrechetDistance(products, counts), c.values.resampledFrechet);
    const kernels = cubicKernel(products, c.dimensions);
    expectRelative(kernelDistance(kernels, counts), c.values.resampledKernel);
  });
});

test('quantiles agree with numpy', () => {
  const sorted = features(5, 1, 37, 0).values;
  sorted.sort();
  for (const [i, share] of [0, 0.025, 0.5, 0.975, 1].entries()) {
    expect(quantile(sorted, share)).toBeCloseTo(reference.quantiles[i], 12);
  }
});
