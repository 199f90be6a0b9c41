import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataset } from '../../data/dataset.ts';
import { put, putFlatImages } from '../../data/testing/images.ts';
import { readAnnotations } from './annotations.ts';

let folder: string;
const size = { width: 8, height: 8 };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'annotations-'));
  await putFlatImages(folder, 4);
});
afterEach(() => rm(folder, { recursive: true }));

const mask = (channels: 1 | 3, value: (i: number) => number, side = 8) =>
  sharp(Buffer.from(Array.from({ length: side * side * channels }, (_, i) => value(i))), {
    raw: { width: side, height: side, channels },
  })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer();

test('68 landmarks, pose and mask of each image, as far as they are there', async () => {
  const landmarks = Array.from({ length: 68 }, (_, i) => [i, 2 * i]);
  const lines = [
    { file_name: '000.png', landmarks, pose: [10, -5, 2], parts_file_name: 'masks/0.png' },
    { file_name: '001.png', landmarks: landmarks.slice(0, 5), pose: 'left' },
    { file_name: '003.png', parts_file_name: 'masks/missing.png' },
  ];
  await put(folder, 'metadata.jsonl', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await put(folder, 'masks/0.png', await mask(1, (i) => i % 17));
  await put(folder, '002.parts.png', await mask(1, () => 11));
  const { truth, pose, mask: maskOf } = await readAnnotations(await openDataset(folder));
  expect(truth('000.png')?.[7]).toEqual([7, 14]);
  expect(pose('000.png')).toEqual([10, -5, 2]);
  expect((await maskOf('000.png', size))?.codes[20]).toBe(3);
  expect(truth('001.png')).toBeUndefined();
  expect(pose('001.png')).toBeUndefined();
  expect((await maskOf('002.png', size))?.codes[5]).toBe(11);
  expect(await maskOf('003.png', size)).toBeUndefined();
});

test.each([
  ['of another size', () => mask(1, () => 0, 9), /8 × 8 pixels of its image, got 9 × 9/],
  ['with colours', () => mask(3, (i) => i), /grey levels in .*000.parts.png, got colours/],
  ['that is none', async () => Buffer.from('x'), /cannot be read/],
])('a mask %s is refused', async (_, content, message) => {
  await put(folder, '000.parts.png', await content());
  const { mask: maskOf } = await readAnnotations(await openDataset(folder));
  await expect(maskOf('000.png', size)).rejects.toThrow(message);
});
