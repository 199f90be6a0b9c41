import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, summarize } from './statistics.ts';

const numbers = (count: number, f: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => f(i));

describe('kolmogorovSmirnov', () => {
  it('is the largest difference of the distribution functions, worked out by hand', () => {
    // After 3: 3 of 4 against 1 of 4.
    expect(kolmogorovSmirnov([1, 2, 3, 9], [3, 5, 7, 8]).statistic).toBeCloseTo(0.5, 12);
    expect(kolmogorovSmirnov([1, 1, 2], [1, 1, 2, 1, 1, 2]).statistic).toBe(0);
    expect(kolmogorovSmirnov([1, 2], [3, 4]).statistic).toBe(1);
  });

  it('gives the p-value of Numerical Recipes’ formula', () => {
    // 100 and 100 values, D = 0.19: λ = (√50 + 0.12 + 0.11/√50) · 0.19 = 1.36928, Q(λ) = 0.04703.
    const first = numbers(100, (i) => i);
    const { statistic, pValue } = kolmogorovSmirnov(
      first,
      numbers(100, (i) => i + 19),
    );
    expect(statistic).toBeCloseTo(0.19, 12);
    expect(pValue).toBeCloseTo(0.04703, 4);
    expect(kolmogorovSmirnov(first, first).pValue).toBe(1);
  });
});

describe('summarize', () => {
  it('gives mean, deviation and quantiles between neighbours', () => {
    const { mean, deviation, quantiles } = summarize([4, 1, 2, 3]);
    expect(mean).toBe(2.5);
    expect(deviation).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(quantiles).toEqual(
      [1, 1.15, 1.75, 2.5, 3.25, 3.85, 4].map((v) => expect.closeTo(v, 10)),
    );
  });
});
