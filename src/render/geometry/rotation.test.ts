import { expect, test } from 'vitest';
import { headRotation, type Matrix3, rotationMatrix, slerp } from './rotation.ts';

const turned = (m: Matrix3, [x, y, z]: readonly number[]) =>
  [0, 3, 6].map((row) => m[row] * x + m[row + 1] * y + m[row + 2] * z);
const nose = [0, 0, 1];
const at = (angles: { yaw?: number; pitch?: number; roll?: number }) =>
  rotationMatrix(headRotation({ yaw: 0, pitch: 0, roll: 0, ...angles }));

test('positive yaw turns the nose toward the right edge', () => {
  const [x, y, z] = turned(at({ yaw: 30 }), nose);
  expect(x).toBeCloseTo(0.5);
  expect(y).toBeCloseTo(0);
  expect(z).toBeCloseTo(Math.sqrt(0.75));
});

test('positive pitch turns the nose down', () => {
  const [x, y, z] = turned(at({ pitch: 30 }), nose);
  expect([x, y, z].map((value) => Number(value.toFixed(6)) + 0)).toEqual([0, -0.5, 0.866025]);
});

test('positive roll turns the head anticlockwise as seen', () => {
  const [x, y] = turned(at({ roll: 90 }), [1, 0, 0]);
  expect(x).toBeCloseTo(0);
  expect(y).toBeCloseTo(1);
});

test('yaw and pitch are azimuth and depression of the nose before the roll', () => {
  const [x, y, z] = turned(at({ yaw: 40, pitch: 25, roll: 0 }), nose);
  expect((Math.atan2(x, z) * 180) / Math.PI).toBeCloseTo(40);
  expect((Math.asin(-y) * 180) / Math.PI).toBeCloseTo(25);
});

test('slerp goes half of a turn about one axis', () => {
  const half = slerp(
    headRotation({ yaw: -10, pitch: 0, roll: 0 }),
    headRotation({ yaw: 50, pitch: 0, roll: 0 }),
    0.5,
  );
  headRotation({ yaw: 20, pitch: 0, roll: 0 }).forEach((value, k) => {
    expect(half[k]).toBeCloseTo(value);
  });
});
