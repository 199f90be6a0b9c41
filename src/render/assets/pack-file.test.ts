import { expect, test } from 'vitest';
import { decodePack, encodePack } from './pack-file.ts';

test('round trip of nested arrays, in shared memory', () => {
  const data = {
    name: 'head',
    layers: [{ points: Float32Array.of(1.5, -2, 3) }, { points: Float32Array.of() }],
    marks: Uint8Array.of(1, 2, 3),
    deltas: Int16Array.of(-5, 6),
    starts: Int32Array.of(7),
    vertices: Uint16Array.of(8, 9, 10),
  };
  const bytes = encodePack(data);
  const memory = new SharedArrayBuffer(bytes.length);
  new Uint8Array(memory).set(bytes);
  expect(decodePack(memory)).toEqual(data);
});

test('refuses arrays that a pack cannot hold', () => {
  expect(() => encodePack({ a: new Float64Array(1) })).toThrow('cannot hold a Float64Array');
});
