import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type HostTensor, hostTensor } from '../../src/tensor/host-tensor.ts';
import { type Shape, sizeOf } from '../../src/tensor/tensor.ts';

/** A tensor that PyTorch computed, all of it or at {@link samplePositions}. */
export interface GoldenTensor {
  readonly shape: Shape;
  readonly values: Float64Array;
  /** The largest absolute value of the whole tensor. */
  readonly largest: number;
}

interface Entry {
  readonly shape: Shape;
  readonly count: number;
  readonly offset: number;
  readonly encoding: 'float32' | 'int16';
  readonly scale: number;
}

/** Reads a file written by `fixture.py`, which describes the format. */
export function readFixture(name: string): ReadonlyMap<string, GoldenTensor> {
  const bytes = readFileSync(new URL(`fixtures/${name}.bin`, import.meta.url));
  const length = bytes.readUInt32LE(0);
  const header = JSON.parse(bytes.toString('utf8', 4, 4 + length)) as Record<string, Entry>;
  const data = bytes.subarray(4 + length);
  return new Map(Object.entries(header).map(([key, entry]) => [key, decode(entry, data)]));
}

function decode({ shape, count, offset, encoding, scale }: Entry, data: Buffer): GoldenTensor {
  const read = (i: number) =>
    encoding === 'int16'
      ? data.readInt16LE(offset + 2 * i) * scale
      : data.readFloatLE(offset + 4 * i);
  const values = Float64Array.from({ length: count }, (_, i) => read(i));
  const largest = encoding === 'int16' ? scale * 32767 : largestOf(values);
  return { shape, values, largest };
}

function largestOf(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** The finalizer of MurmurHash3. */
function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

function hash(seed: number, i: number): number {
  return mix(mix(i) ^ Math.imul(seed, 0x9e3779b1));
}

/** Values of −scale … scale, the same bits as in `fixture.py`. */
export function pseudoRandom(seed: number, shape: Shape, scale = 1): HostTensor {
  const values = Float32Array.from(
    { length: sizeOf(shape) },
    (_, i) => ((2 * hash(seed, i)) / 2 ** 32 - 1) * scale,
  );
  return hostTensor(shape, values);
}

function positionOf(index: number, size: number, limit: number): number {
  return limit === size ? index : hash(99, index) % size;
}

/**
 * The largest deviation from PyTorch's values as a share of the tensor's largest value; the shape
 * must be the same.
 */
export function deviation(got: HostTensor, golden: GoldenTensor | undefined): number {
  if (golden === undefined) throw new Error('The fixture has no such tensor.');
  expect(got.shape).toEqual(golden.shape);
  const { values, largest } = golden;
  const size = got.data.length;
  let worst = 0;
  for (const [i, value] of values.entries()) {
    const difference = Math.abs(got.data[positionOf(i, size, values.length)] - value);
    // Not Math.max: it must not lose a NaN.
    if (!(difference <= worst)) worst = difference;
  }
  return worst / largest;
}
