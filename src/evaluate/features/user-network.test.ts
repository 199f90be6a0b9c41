import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { put } from '../../data/testing/images.ts';
import { compile } from '../../tensor/compile.ts';
import { spec } from '../../tensor/host-tensor.ts';
import { averagePool2d } from '../../tensor/operators/pooling.ts';
import { mean } from '../../tensor/operators/reduce.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { loadUserNetwork, parseUserNetwork } from './user-network.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'network-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Red 10, green 20, blue 30 everywhere. */
const image = {
  width: 4,
  height: 4,
  pixels: Uint8Array.from({ length: 48 }, (_, i) => 10 * (1 + Math.floor(i / 16))),
};

test('features of a file carry its name and hash', async () => {
  const { model } = compile((x: Tensor) => mean(x, { axes: [2, 3] }), [spec([1, 3, 8, 8])]);
  const path = await put(folder, 'mean.onnx', model);
  const space = await loadUserNetwork({ name: 'fid', path }, '0..255');
  expect(space.metrics.frechet).toMatch(/^fid \(user network, sha256 [0-9a-f]{16}\)$/);
  expect(space.dimensions).toBe(3);
  const [red, green, blue] = (await space.extract(image)) ?? [];
  expect([red, green, blue].map(Math.round)).toEqual([10, 20, 30]);
  await space.dispose();
});

test('feature maps are averaged, values come in the range that is asked for', async () => {
  const { model } = compile((x: Tensor) => averagePool2d(x, { kernel: 2 }), [spec([1, 3, 8, 8])]);
  const path = await put(folder, 'maps.onnx', model);
  const space = await loadUserNetwork({ name: 'own', path }, '-1..1');
  expect((await space.extract(image))?.[0]).toBeCloseTo(10 / 127.5 - 1, 5);
  await space.dispose();
});

test('mistakes are explained', async () => {
  expect(parseUserNetwork('fid=a=b.onnx')).toEqual({ name: 'fid', path: 'a=b.onnx' });
  expect(() => parseUserNetwork('file.onnx')).toThrow(/NAME=FILE.onnx, got "file.onnx"/);
  const missing = { name: 'fid', path: join(folder, 'none.onnx') };
  await expect(loadUserNetwork(missing, '0..1')).rejects.toThrow(/got no such file/);
  const path = await put(folder, 'text.onnx', 'no model');
  await expect(loadUserNetwork({ name: 'fid', path }, '0..1')).rejects.toThrow(
    /Expected a network/,
  );
  const { model } = compile((x: Tensor) => mean(x, { axes: [1] }), [spec([1, 8])]);
  const flat = await put(folder, 'flat.onnx', model);
  await expect(loadUserNetwork({ name: 'fid', path: flat }, '0..1')).rejects.toThrow(
    /got \[1, 8\]/,
  );
});
