import sharp, { type Sharp } from 'sharp';
import { expect, it } from 'vitest';
import { fixturePath } from '../faces/testing/fixture-images.ts';
import { blurOf } from './blur.ts';

async function blurAfter(change: (image: Sharp) => Sharp): Promise<number> {
  const image = change(sharp(fixturePath('render.png')).removeAlpha());
  const { data, info } = await sharp(await image.png().toBuffer())
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return blurOf({ width: info.width, height: info.height, values: Float32Array.from(data) });
}

it('grows with the width of a blur and does not depend on contrast', async () => {
  const sharpest = await blurAfter((image) => image);
  const soft = await blurAfter((image) => image.blur(1.5));
  const softest = await blurAfter((image) => image.blur(4));
  expect(sharpest).toBeLessThan(0.5);
  expect(soft).toBeGreaterThan(sharpest + 0.05);
  expect(softest).toBeGreaterThan(soft + 0.1);
  expect(Math.abs((await blurAfter((image) => image.linear(0.5, 60))) - sharpest)).toBeLessThan(
    0.03,
  );
});

it('takes an even plane as wholly blurred and a checkerboard as sharp', () => {
  const values = Float32Array.from({ length: 400 }, (_, i) => 255 * ((i + Math.floor(i / 20)) % 2));
  expect(blurOf({ width: 20, height: 20, values: new Float32Array(400).fill(7) })).toBe(1);
  expect(blurOf({ width: 20, height: 20, values })).toBeLessThan(0.25);
});
