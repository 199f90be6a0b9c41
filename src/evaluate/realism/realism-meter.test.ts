import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { normal, randomKey } from '../../base/random.ts';
import type { ColorImage } from '../../faces/index.ts';
import { putImage } from '../../refine/verification/testing/picture-files.ts';
import { openContentCache } from '../features/content-cache.ts';
import { type Matrix, matrix, rowRange } from '../linear-algebra/matrix.ts';
import { gapClosed } from '../statistics/gap-closed.ts';
import { createRealismMeter, kernelDistanceBetween, type RealismMeter } from './realism-meter.ts';

const form = { channels: 3, size: { height: 16, width: 16 } } as const;
let folder: string;
let meter: RealismMeter;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meter-'));
  meter = createRealismMeter({ form, cache: await openContentCache(join(folder, 'cache')) });
});
afterAll(async () => {
  await meter.dispose();
  await rm(folder, { recursive: true });
});

/** Grey noise of a strength. */
const noise = (seed: number, strength: number): ColorImage => {
  const z = normal(randomKey(seed), 3 * 256);
  return { width: 16, height: 16, pixels: Uint8Array.from(z, (v) => 128 + strength * v) };
};

test('a file and its pixels in memory have the same features', async () => {
  const image = noise(1, 20);
  const path = join(folder, 'a.png');
  await putImage(path, image);
  const { rows, columns, values } = await meter.featuresOf([path, image, path]);
  expect([rows, columns]).toEqual([3, 768]);
  expect(values.subarray(768, 1536)).toEqual(values.subarray(0, 768));
  expect(values.subarray(1536)).toEqual(values.subarray(0, 768));
});

/** Distances over whole sets; the photographs' is that of one half from the other. */
function measure({ synthetic, refined, real }: Record<'synthetic' | 'refined' | 'real', Matrix>) {
  const half = real.rows >> 1;
  const distances = {
    synthetic: kernelDistanceBetween(synthetic, real),
    refined: kernelDistanceBetween(refined, real),
    real: kernelDistanceBetween(rowRange(real, 0, half), rowRange(real, half, half)),
  };
  return { ...distances, gapClosed: gapClosed(distances) };
}

test('what looks more like the photographs closes more of the gap', async () => {
  const set = (first: number, strength: number) =>
    meter.featuresOf(Array.from({ length: 12 }, (_, i) => noise(first + i, strength)));
  const [synthetic, refined, real] = [await set(0, 2), await set(20, 15), await set(40, 25)];
  const realism = measure({ synthetic, refined, real });
  expect(realism.refined).toBeLessThan(realism.synthetic);
  expect(realism.gapClosed).toBeGreaterThan(0.2);
  expect(realism.gapClosed).toBeLessThan(1.1);
  expect(measure({ synthetic, refined: synthetic, real }).gapClosed).toBe(0);
  expect(measure({ synthetic: real, refined, real }).gapClosed).toBeUndefined();
});

test('by hand: one dimension, two images a set', () => {
  const column = (...values: number[]) => matrix(values.length, 1, Float64Array.from(values));
  // k(x, y) = (xy + 1)³ is 8 between ones and 1 elsewhere.
  const features = { synthetic: column(0, 0), refined: column(0, 1), real: column(1, 1, 1, 1) };
  expect(measure(features)).toEqual({
    synthetic: 1 + 8 - 2 * 1,
    refined: 1 + 8 - 2 * 4.5,
    real: 8 + 8 - 2 * 8,
    gapClosed: 1,
  });
});
