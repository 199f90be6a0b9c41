import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Box, ColorImage, FaceTools, Landmarks } from '../../faces/index.ts';
import { findInputFace } from '../../refine/verification/face.ts';
import { cachedFaceFinder } from './cached-faces.ts';
import { openContentCache } from './content-cache.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faces-'));
});
afterEach(() => rm(folder, { recursive: true }));

const square = (x: number): Box => ({ x, y: 0, width: 10, height: 10 });
const corners = ({ x, y, width, height }: Box): Landmarks => [
  [x, y],
  [x + width, y + height],
];

/** Tools that see two faces in every image but a black one, and count their calls. */
function countingTools(): FaceTools & { readonly calls: Record<string, number> } {
  const calls: Record<string, number> = {};
  const count = (name: string) => {
    calls[name] = (calls[name] ?? 0) + 1;
  };
  return {
    calls,
    detect: async ({ pixels }) => {
      count('detect');
      if (pixels[0] === 0) return [];
      return [
        { box: square(0), score: 0.9 },
        { box: square(20), score: 0.6 },
      ];
    },
    landmarks: async (_, box) => {
      count('landmarks');
      return corners(box);
    },
    embedding: async (_, [[x]]) => {
      count('embedding');
      return Float32Array.of(0.1, x);
    },
    dispose: async () => {},
  };
}

const image = (value: number): ColorImage => ({
  width: 2,
  height: 1,
  pixels: new Uint8Array(6).fill(value),
});

test('a face is looked for once, also by the next evaluation, and is the same as without cache', async () => {
  const tools = countingTools();
  const find = cachedFaceFinder(tools, await openContentCache(folder));
  const first = await find(image(1));
  expect(first).toEqual(await findInputFace(countingTools(), image(1)));
  const next = cachedFaceFinder(tools, await openContentCache(folder));
  expect(await next(image(1), corners(square(1)))).toEqual(first);
  expect(tools.calls).toEqual({ detect: 1, landmarks: 1, embedding: 1 });
  await next(image(2));
  expect(tools.calls.detect).toBe(2);
});

test('the truth may choose another face, or none', async () => {
  const find = cachedFaceFinder(countingTools(), await openContentCache(folder));
  await find(image(1));
  const other = corners(square(21));
  expect(await find(image(1), other)).toEqual(
    await findInputFace(countingTools(), image(1), other),
  );
  expect(await find(image(1), corners(square(60)))).toBeUndefined();
  expect(await find(image(0))).toBeUndefined();
});
