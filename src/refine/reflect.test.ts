import { expect, test } from 'vitest';
import { crop, padByReflection, roundUp } from './reflect.ts';

test('sizes are rounded up to multiples', () => {
  expect(roundUp({ height: 8, width: 9 }, 4)).toEqual({ height: 8, width: 12 });
  expect(roundUp({ height: 5, width: 7 }, 1)).toEqual({ height: 5, width: 7 });
});

test('planes are mirrored at the last row and column, which are not repeated', () => {
  const planes = { height: 2, width: 3, values: Float32Array.of(1, 2, 3, 4, 5, 6) };
  const padded = padByReflection(planes, { height: 4, width: 4 });
  expect([...padded]).toEqual([1, 2, 3, 2, 4, 5, 6, 5, 1, 2, 3, 2, 4, 5, 6, 5]);
  expect(crop({ values: padded, height: 4, width: 4 }, planes)).toEqual(planes.values);
});

test('a pixel fills any size, and a short side is mirrored to and fro', () => {
  const pixel = { height: 1, width: 1, values: Float32Array.of(7, 8) };
  expect([...padByReflection(pixel, { height: 2, width: 2 })]).toEqual([7, 7, 7, 7, 8, 8, 8, 8]);
  const pair = { height: 1, width: 2, values: Float32Array.of(1, 2) };
  expect([...padByReflection(pair, { height: 1, width: 7 })]).toEqual([1, 2, 1, 2, 1, 2, 1]);
});
