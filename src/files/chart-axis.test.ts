import { describe, expect, it } from 'vitest';
import { axisPosition, createAxis, tickLabels } from './chart-axis.ts';

describe('a linear axis', () => {
  it('has round ticks, labelled with equal decimals', () => {
    const axis = createAxis('linear', [0, 1]);
    expect(axis.ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(tickLabels(axis)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    const narrow = createAxis('linear', [0.1, 0.3], { tight: true });
    expect(tickLabels(narrow)).toEqual(['0.10', '0.15', '0.20', '0.25', '0.30']);
    expect(narrow.ticks).toEqual([0.1, 0.15, 0.2, 0.25, 0.3]);
  });

  it('goes below zero only where the values do', () => {
    expect(createAxis('linear', [0, 100]).low).toBe(0);
    expect(createAxis('linear', [-100, 100]).low).toBe(-110);
    expect(tickLabels(createAxis('linear', [-1, 1]))).toContain('−0.5');
  });

  it('makes room around a constant and has a range without values', () => {
    const { low, high } = createAxis('linear', [5, 5]);
    expect([low, high]).toEqual([4.5, 5.5]);
    expect(createAxis('linear', [Number.NaN], { tight: true })).toMatchObject({ low: 0, high: 1 });
  });

  it('shortens large and small numbers', () => {
    const large = createAxis('linear', [0, 600_000], { tight: true });
    expect(tickLabels(large)).toEqual(['0', '100k', '200k', '300k', '400k', '500k', '600k']);
    const small = createAxis('linear', [0, 2e-4], { tight: true });
    expect(tickLabels(small).at(-1)).toBe('2e-4');
  });
});

describe('a log axis', () => {
  it('has powers of ten, with 2 and 5 between where there are few', () => {
    expect(createAxis('log', [1e-6, 1], { tight: true }).ticks).toEqual([1e-6, 1e-4, 1e-2, 1]);
    expect(createAxis('log', [0.01, 0.1], { tight: true }).ticks).toEqual([0.01, 0.02, 0.05, 0.1]);
  });

  it('has ticks between two powers of ten', () => {
    const axis = createAxis('log', [0.31, 0.34]);
    expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
  });

  it('places values by ratio and none at or below zero', () => {
    const axis = createAxis('log', [1, 100, 0, -5], { tight: true });
    expect(axisPosition(axis, 10)).toBeCloseTo(0.5, 12);
    expect(axisPosition(axis, 0)).toBeNaN();
  });
});
