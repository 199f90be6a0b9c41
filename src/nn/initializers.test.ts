import { describe, expect, it } from 'vitest';
import { randomKey, split } from '../base/random.ts';
import {
  constantInitializer,
  fansOf,
  glorotUniform,
  heNormal,
  truncatedNormal,
} from './initializers.ts';

const key = randomKey(7);
const shape = [64, 32, 3, 3];

function moments(data: Float32Array): { mean: number; deviation: number } {
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  const variance = data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length;
  return { mean, deviation: Math.sqrt(variance) };
}

describe('initializers', () => {
  it('count fans of linear and convolution weights', () => {
    expect(fansOf([5, 7])).toEqual({ fanIn: 5, fanOut: 7 });
    expect(fansOf(shape)).toEqual({ fanIn: 288, fanOut: 576 });
    expect(() => fansOf([3])).toThrow('2 or 4 axes');
  });

  it('draw Glorot uniform weights inside √(6 / (fanIn + fanOut))', () => {
    const { data } = glorotUniform(key, shape);
    const limit = Math.sqrt(6 / 864);
    expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(Math.fround(limit));
    expect(moments(data).deviation).toBeCloseTo(limit / Math.sqrt(3), 3);
    expect(moments(data).mean).toBeCloseTo(0, 2);
  });

  it('draw He normal weights with deviation √(2 / fanIn)', () => {
    expect(moments(heNormal(key, shape).data).deviation).toBeCloseTo(Math.sqrt(2 / 288), 3);
  });

  it('truncate a normal at two deviations', () => {
    const { data } = truncatedNormal(0.5)(key, shape);
    expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(1);
    // A normal cut at ±2 has the deviation 0.8796 (Johnson, Kotz and Balakrishnan 1994, 13.10).
    expect(moments(data).deviation).toBeCloseTo(0.5 * 0.8796, 2);
  });

  it('repeat for a key and differ for another', () => {
    expect(glorotUniform(key, shape).data).toEqual(glorotUniform(key, shape).data);
    const other = glorotUniform(split(key, 'other'), shape);
    expect(glorotUniform(key, shape).data).not.toEqual(other.data);
  });

  it('fill with a constant', () => {
    expect([...constantInitializer(3)(key, [2]).data]).toEqual([3, 3]);
  });
});
