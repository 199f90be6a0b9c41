import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ColorImage } from '../../faces/index.ts';
import { structuralSimilarity } from './structural-similarity.ts';
import { constant, drawnFace, mirrored, shiftedRight, warmed } from './testing/pictures.ts';

const { image } = drawnFace();
const reference: { readonly similarity: number; readonly small: number } = JSON.parse(
  readFileSync(new URL('./fixtures/similarity.json', import.meta.url), 'utf8'),
);

/** The pictures of scripts/reference/similarity.py. */
function pattern(width: number, height: number, seed: number): ColorImage {
  let state = seed;
  const values = Uint8Array.from({ length: width * height }, (_, i) => {
    state = (state * 48271) % 2147483647;
    return Math.floor((3 * (i % width) + 5 * Math.floor(i / width) + (state % 90)) % 256);
  });
  const pixels = new Uint8Array(3 * values.length);
  for (let c = 0; c < 3; c++) pixels.set(values, c * values.length);
  return { width, height, pixels };
}

describe('agrees with scipy', () => {
  test('with the whole window', () => {
    const found = structuralSimilarity(pattern(40, 30, 3), pattern(40, 30, 4));
    expect(Math.abs(found / reference.similarity - 1)).toBeLessThan(1e-6);
  });

  test('with a window cut to a small image', () => {
    const found = structuralSimilarity(pattern(8, 9, 3), pattern(8, 9, 4));
    expect(Math.abs(found / reference.small - 1)).toBeLessThan(1e-6);
  });
});

test('falls from equal over recolored to destroyed', () => {
  expect(structuralSimilarity(image, image)).toBeCloseTo(1, 12);
  const warm = structuralSimilarity(image, warmed(image));
  expect(warm).toBeGreaterThan(0.6);
  for (const destroy of [mirrored, constant, (i: ColorImage) => shiftedRight(i, 3)]) {
    expect(structuralSimilarity(image, destroy(image))).toBeLessThan(warm);
  }
});

test('a single pixel', () => {
  const pixel = (value: number) => ({ width: 1, height: 1, pixels: new Uint8Array(3).fill(value) });
  expect(structuralSimilarity(pixel(9), pixel(9))).toBe(1);
  expect(structuralSimilarity(pixel(0), pixel(255))).toBeLessThan(0.01);
});
