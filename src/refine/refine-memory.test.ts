import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { noiseImage, put } from '../data/testing/images.ts';
import { negative } from './testing/models.ts';
import { folders, refineFolder } from './testing/refine-folder.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Bytes that the program holds after refining so many images of 64 × 64 pixels. */
async function heldAfter(count: number): Promise<number> {
  const given = await folders(negative());
  const png = await noiseImage(64, 64, 3).png().toBuffer();
  for (let i = 0; i < count; i++) await put(given.input, `${i}.png`, png);
  expect((await refineFolder(given)).written).toBe(count);
  // Buffers from outside the engine are freed in the turn after their collection.
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The smallest thing that could be forgotten of an image: its bytes. */
const imageBytes = 3 * 64 * 64;

test('no image stays in memory', async () => {
  await heldAfter(50);
  const few = await heldAfter(50);
  const many = await heldAfter(650);
  expect(many - few).toBeLessThan((600 * imageBytes) / 2);
});
