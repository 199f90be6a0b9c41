import { expect, test } from 'vitest';
import { morph } from './morph.ts';

const targets = {
  names: ['wide', 'long'],
  starts: Int32Array.of(0, 1, 3),
  vertices: Uint16Array.of(1, 0, 1),
  deltas: Int16Array.of(1000, 0, 0, 0, 500, 0, 0, 0, -250),
};

test('adds weighted displacements of a thousandth of a decimetre', () => {
  const positions = new Float32Array(6);
  const weights = new Map([
    ['wide', 0.5],
    ['long', 2],
  ]);
  morph(Float32Array.of(0, 0, 0, 1, 1, 1), targets, weights, positions);
  expect([...positions]).toEqual([0, 1, 0, 1.5, 1, 0.5]);
});

test('refuses a target that does not exist', () => {
  const call = () => morph(new Float32Array(6), targets, new Map([['x', 1]]), new Float32Array(6));
  expect(call).toThrow('no target named x');
});
