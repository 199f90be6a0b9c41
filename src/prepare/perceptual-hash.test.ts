import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../faces/testing/fixture-images.ts';
import type { Plane } from './blur.ts';
import {
  createDuplicateFinder,
  hashDistance,
  hashedSize,
  perceptualHash,
} from './perceptual-hash.ts';

async function plane(image: Sharp): Promise<Plane> {
  const grey = await image.removeAlpha().toBuffer();
  const data = await sharp(grey)
    .resize(hashedSize, hashedSize)
    .toColourspace('b-w')
    .extractChannel(0)
    .raw()
    .toBuffer();
  return { width: hashedSize, height: hashedSize, values: Float32Array.from(data) };
}

describe('perceptualHash', () => {
  it('hardly changes with compression, brightness and size, and much with the picture', async () => {
    const render = () => sharp(fixturePath('render.png')).removeAlpha();
    const hash = perceptualHash(await plane(render()));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const squeezed = sharp(await render().jpeg({ quality: 40 }).toBuffer());
    const changed = [squeezed, render().linear(1.15, 4), render().resize(80)];
    for (const image of changed) {
      const other = perceptualHash(await plane(sharp(await image.png().toBuffer())));
      expect(hashDistance(hash, other)).toBeLessThan(28);
    }
    const mirrored = perceptualHash(await plane(render().flop()));
    expect(hashDistance(hash, mirrored)).toBeGreaterThan(60);
  });
});

describe('createDuplicateFinder', () => {
  it('finds every hash within the distance and none beyond', () => {
    const flip = (hash: string, bits: readonly number[]) => {
      const digits = [...hash].map((digit) => Number.parseInt(digit, 16));
      for (const bit of bits) digits[bit >> 2] ^= 1 << (bit & 3);
      return digits.map((digit) => digit.toString(16)).join('');
    };
    const hash = '0123456789abcdef'.repeat(4);
    const finder = createDuplicateFinder(28);
    finder.add(hash, 'first');
    // Spread as evenly as can be: the worst case for a search by parts.
    const spread = (count: number) => Array.from({ length: count }, (_, i) => i * 8 + 3);
    expect(hashDistance(hash, flip(hash, spread(28)))).toBe(28);
    expect(finder.find(flip(hash, spread(28)))).toBe('first');
    expect(finder.find(flip(hash, spread(29)))).toBeUndefined();
    expect(finder.find('f'.repeat(64))).toBeUndefined();
  });
});
