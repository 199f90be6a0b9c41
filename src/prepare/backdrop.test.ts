import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Landmarks } from '../faces/index.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { measureBackdrop } from './backdrop.ts';

const size = 64;
/** A face of 32 pixels from brows to chin in the middle. */
const landmarks: Landmarks = Array.from({ length: 68 }, (_, i) => {
  const turn = (2 * Math.PI * i) / 68;
  return [32 + 12 * Math.sin(turn), 32 + 16 * Math.cos(turn)] as const;
});

/** A picture whose left and right halves have their own backdrop behind a black head. */
async function picture(left: string, right = left): Promise<string> {
  const path = join(await temporaryFolder(), 'picture.png');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">
    <rect width="32" height="64" fill="${left}"/><rect x="32" width="32" height="64" fill="${right}"/>
    <rect y="48" width="64" height="16" fill="#ff0000"/><circle cx="32" cy="32" r="30" fill="#000"/></svg>`;
  await sharp(Buffer.from(svg)).removeAlpha().png().toFile(path);
  return path;
}

test('sees the colour of the upper corners, and neither head nor clothes', async () => {
  const blue = await measureBackdrop(await picture('#4060a0'), landmarks);
  // Linear: 0.0513, 0.117, 0.352.
  expect(blue!.hue).toBeCloseTo(240 - (60 * (0.117 - 0.0513)) / (0.352 - 0.0513), 0);
  expect(blue!.saturation).toBeCloseTo(1 - 0.0513 / 0.352, 2);
  expect(blue!.brightness).toBeCloseTo(0.352, 2);
  expect(blue!.unevenness).toBeLessThan(1e-3);
});

test('measures in stops how uneven it is', async () => {
  // #808080 has a linear 0.216, #bcbcbc 0.503: 1.22 stops, so 0.61 from their middle.
  const uneven = await measureBackdrop(await picture('#808080', '#bcbcbd'), landmarks);
  expect(uneven!.unevenness).toBeCloseTo(0.61, 1);
});

test('says nothing where the face fills the image, or there is no colour', async () => {
  const large: Landmarks = landmarks.map(([x, y]) => [x, 32 + 2 * (y - 32)] as const);
  expect(await measureBackdrop(await picture('#4060a0'), large)).toBeUndefined();
  const grey = join(await temporaryFolder(), 'grey.png');
  await sharp(await picture('#808080'))
    .toColourspace('b-w')
    .toFile(grey);
  expect(await measureBackdrop(grey, landmarks)).toBeUndefined();
});
