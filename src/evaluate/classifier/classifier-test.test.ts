import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normal, randomKey } from '../../base/random.ts';
import type { ColorImage } from '../../faces/index.ts';
import { putImages } from '../../refine/verification/testing/picture-files.ts';
import { openContentCache } from '../features/content-cache.ts';
import { classifierRealism } from './classifier-realism.ts';
import { classifierTest } from './classifier-test.ts';

const [size, count] = [64, 24];

/**
 * Noise, and with `mark` a faint stripe that half of the images have at the left, half at the
 * right.
 */
const picture = (seed: number, mark = 0): ColorImage => {
  const z = normal(randomKey(seed), 3 * size * size);
  const stripe = (i: number) => {
    const column = seed % 2 === 0 ? i % size : size - 1 - (i % size);
    return column >= 8 && column < 14 ? mark : 0;
  };
  return {
    width: size,
    height: size,
    pixels: Uint8Array.from(z, (v, i) => Math.min(Math.max(128 + 20 * v + stripe(i), 0), 255)),
  };
};
const set = (first: number, mark?: number) =>
  Array.from({ length: count }, (_, i) => picture(first + i, mark));
const bytes = (images: readonly ColorImage[]) => images.map(({ pixels }) => pixels);
const options = { key: randomKey(1), steps: 30 };

describe('classifierTest', () => {
  test('tells sets apart that differ in one place, whichever side it is on', async () => {
    let steps = 0;
    const result = await classifierTest(bytes(set(0, 40)), bytes(set(100)), {
      ...options,
      onStep: () => steps++,
    });
    expect(result.accuracy).toBeGreaterThan(0.9);
    expect(result.images).toBe(count);
    expect(result.low).toBeLessThan(result.accuracy);
    expect(steps).toBe(3 * options.steps);
  });

  test('cannot tell two samples of one kind, and says the same again', async () => {
    const [first, second] = [bytes(set(200)), bytes(set(300)).slice(0, 20)];
    const result = await classifierTest(first, second, options);
    expect(result.images).toBe(20);
    expect(result.low).toBeLessThan(0.5);
    expect(result.high).toBeGreaterThan(0.5);
    expect(await classifierTest(first, second, options)).toEqual(result);
  });
});

describe('classifierRealism', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'classifier-'));
    await putImages(join(folder, 'renders'), set(400, 40));
    await putImages(join(folder, 'photographs'), [...set(500), ...set(600)]);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('renders are told from photographs, those not from each other; kept by content', async () => {
    const paths = async (name: string) =>
      (await readdir(join(folder, name))).map((file) => join(folder, name, file));
    const [synthetic, real] = [await paths('renders'), await paths('photographs')];
    const cache = await openContentCache(join(folder, 'cache'));
    const form = { channels: 3, size: { height: size, width: size } } as const;
    const totals: number[] = [];
    const run = (images: number) =>
      classifierRealism(
        { synthetic, refined: synthetic, real },
        {
          ...{ form, images, cache, ...options },
          onStart: (total) => {
            totals.push(total);
            return () => {};
          },
        },
      );
    const result = await run(count);
    expect(result?.synthetic.accuracy).toBeGreaterThan(0.9);
    expect(result?.refined).toEqual(result?.synthetic);
    expect(result?.real.low).toBeLessThan(0.5);
    expect(totals).toEqual([3 * 3 * options.steps]);
    const kept = (await readdir(join(folder, 'cache'), { recursive: true })).length;
    expect(await run(count)).toEqual(result);
    expect((await readdir(join(folder, 'cache'), { recursive: true })).length).toBe(kept);
    expect(await run(9)).toBeUndefined();
  });
});
