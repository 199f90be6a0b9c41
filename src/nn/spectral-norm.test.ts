import { describe, expect, it } from 'vitest';
import { hostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gradientError } from '../testing/gradient-check.ts';
import { pattern } from '../testing/pattern.ts';
import { spectrallyNormalized, spectralNorm } from './spectral-norm.ts';
import { evaluate, scalarOf, values } from './testing/evaluate.ts';

const norm = (x: Tensor) => spectralNorm(x);

/** Power iteration in float64, long enough to be exact. */
function largestSingularValue(rows: number, data: Float32Array): number {
  const columns = data.length / rows;
  let v = Array.from({ length: columns }, (_, i) => Math.sin(i + 1));
  let sigma = 0;
  for (let step = 0; step < 5000; step++) {
    const u = Array.from({ length: rows }, (_, r) =>
      v.reduce((total, value, c) => total + value * data[r * columns + c], 0),
    );
    const w = v.map((_, c) =>
      u.reduce((total, value, r) => total + value * data[r * columns + c], 0),
    );
    const length = Math.hypot(...w);
    sigma = Math.sqrt(length / Math.hypot(...v));
    v = w.map((value) => value / length);
  }
  return sigma;
}

describe('spectral norm', () => {
  it('is the largest singular value', async () => {
    // Singular values 5 and 2 by construction: diag(5, 2) with rotated columns.
    const rotated = values([2, 2, 1, 1], 3, 4, -1.6, 1.2);
    expect(scalarOf(await evaluate(norm, rotated))).toBeCloseTo(5, 5);
  });

  it('is that of equal singular values too', async () => {
    expect(scalarOf(await evaluate(norm, values([2, 2], 0, 3, 3, 0)))).toBeCloseTo(3, 5);
  });

  it('is within 2 % for random filters, and never too large', async () => {
    const weight = pattern([32, 16, 3, 3], 5);
    const sigma = scalarOf(await evaluate(norm, weight));
    const exact = largestSingularValue(32, weight.data);
    expect(sigma).toBeLessThanOrEqual(exact * (1 + 1e-5));
    expect(sigma).toBeGreaterThan(exact * 0.98);
  });

  it('normalises weights to norm 1 and leaves those of norm 0', async () => {
    const f = (x: Tensor) => spectralNorm(spectrallyNormalized(x));
    expect(scalarOf(await evaluate(f, values([2, 2], 3, 4, -1.6, 1.2)))).toBeCloseTo(1, 5);
    const zero = await evaluate((x: Tensor) => spectrallyNormalized(x), hostTensor([4, 2, 3, 3]));
    expect(Math.max(...zero.data.map(Math.abs))).toBe(0);
  });

  it('has the gradient of the exact norm, although u is a constant to it', async () => {
    const f = ([x]: readonly Tensor[]) => spectrallyNormalized(x);
    expect(await gradientError(f, [values([2, 3], 1, 2, -1, 0.5, 1.5, 0.7)])).toBeLessThan(1e-3);
  });
});
