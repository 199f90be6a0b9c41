import { describe, expect, it } from 'vitest';
import { movingAverage, type Point, thinOut } from './series.ts';

describe('movingAverage', () => {
  it('is the mean of a centred window, shorter at the ends', () => {
    expect([...movingAverage([1, 2, 6, 4], 3)]).toEqual([1.5, 3, 4, 5]);
    expect([...movingAverage([1, 2, 6], 1)]).toEqual([1, 2, 6]);
    expect([...movingAverage([1, 3], 100)]).toEqual([2, 2]);
    expect([...movingAverage([], 3)]).toEqual([]);
  });

  it('leaves out what is not finite', () => {
    expect([...movingAverage([1, Number.NaN, 3, Number.POSITIVE_INFINITY, 5], 3)]).toEqual([
      1, 2, 3, 4, 5,
    ]);
    expect([...movingAverage([Number.NaN, Number.NaN], 1)]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('thinOut', () => {
  it('keeps first, lowest, highest and last of a column of pixels', () => {
    const points: Point[] = [5, 1, 7, 9, 2, 6].map((y, i) => [10 + i / 10, y]);
    expect(thinOut(points).map(([, y]) => y)).toEqual([5, 1, 9, 6]);
  });

  it('leaves a spike among a million points and at most five a column', () => {
    const points: Point[] = Array.from({ length: 1_000_000 }, (_, i) => [i / 1000, i % 7]);
    points[123_456] = [123.456, 1000];
    const kept = thinOut(points);
    expect(kept.length).toBeLessThanOrEqual(5000);
    expect(kept).toContainEqual([123.456, 1000]);
  });

  it('keeps a gap', () => {
    const points: Point[] = [1, 2, Number.NaN, 3].map((y, i) => [i / 10, y]);
    expect(thinOut(points).some(([, y]) => Number.isNaN(y))).toBe(true);
  });

  it('finds the extremes behind a gap at the beginning of a column', () => {
    const points: Point[] = [Number.NaN, 3, 8, 1, 4].map((y, i) => [i / 10, y]);
    expect(thinOut(points).map(([, y]) => y)).toEqual([Number.NaN, 8, 1, 4]);
  });
});
