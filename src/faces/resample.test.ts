import { describe, expect, it } from 'vitest';
import { applySimilarity, type Point, type Similarity } from './geometry.ts';
import { type ColorImage, warp } from './resample.ts';

function imageOf(
  width: number,
  height: number,
  pixel: (x: number, y: number) => number,
): ColorImage {
  const plane = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.round(pixel(i % width, Math.floor(i / width))),
  );
  const pixels = new Uint8Array(3 * plane.length);
  for (let channel = 0; channel < 3; channel++) pixels.set(plane, channel * plane.length);
  return { width, height, pixels };
}

/** A bright round spot whose centre of mass is known. */
const spot = (at: Point) => (x: number, y: number) =>
  250 * Math.exp(-((x + 0.5 - at[0]) ** 2 + (y + 0.5 - at[1]) ** 2) / 18);

function centerOfMass(values: Float32Array, width: number, height: number): Point {
  let [mass, x, y] = [0, 0, 0];
  for (let i = 0; i < width * height; i++) {
    mass += values[i];
    x += values[i] * ((i % width) + 0.5);
    y += values[i] * (Math.floor(i / width) + 0.5);
  }
  return [x / mass, y / mass];
}

describe('warp', () => {
  it('puts a spot where the map sends its center, within a fiftieth of a pixel', () => {
    const image = imageOf(90, 70, spot([41.3, 33.8]));
    const maps: Similarity[] = [
      { a: 0.5, b: 0, dx: 4.25, dy: 7.5 },
      { a: 0.6 * Math.cos(0.4), b: 0.6 * Math.sin(0.4), dx: 20, dy: -4 },
      { a: 1.4 * Math.cos(-0.2), b: 1.4 * Math.sin(-0.2), dx: -40, dy: 6 },
    ];
    for (const map of maps) {
      const expected = applySimilarity(map, [41.3, 33.8]);
      for (const kernel of ['lanczos', 'triangle'] as const) {
        const output = warp(image, map, { width: 64, height: 64, outside: 'black', kernel });
        const [x, y] = centerOfMass(output, 64, 64);
        expect(Math.abs(x - expected[0])).toBeLessThan(0.02);
        expect(Math.abs(y - expected[1])).toBeLessThan(0.02);
      }
    }
  });

  it('leaves an image as it is under the identity', () => {
    const image = imageOf(20, 12, (x, y) => (x * 37 + y * 91) % 256);
    const output = warp(image, { a: 1, b: 0, dx: 0, dy: 0 }, { width: 20, height: 12 });
    expect(Array.from(output, Math.round)).toEqual(Array.from(image.pixels));
  });

  it('does not let stripes finer than an output pixel through', () => {
    const image = imageOf(160, 160, (x) => (x % 2 === 0 ? 0 : 255));
    const turned = { a: 0.25 * Math.cos(0.3), b: 0.25 * Math.sin(0.3), dx: 8, dy: 0 };
    for (const map of [{ a: 0.25, b: 0, dx: 0, dy: 0 }, turned]) {
      const output = warp(image, map, { width: 40, height: 40 });
      const inner = output.filter((_, i) => i % 40 >= 16 && i % 40 < 24 && i % 1600 >= 640);
      const spread = Math.max(...inner) - Math.min(...inner);
      expect(spread).toBeLessThan(6);
    }
  });

  it('goes on with the mirror image outside, or with black', () => {
    const image = imageOf(8, 8, (x, y) => 10 * x + y);
    const shifted = { a: 1, b: 0, dx: 3, dy: 0 };
    const mirrored = warp(image, shifted, { width: 8, height: 8 });
    expect(Array.from(mirrored.slice(0, 5), Math.round)).toEqual([20, 10, 0, 0, 10]);
    const black = warp(image, shifted, {
      width: 8,
      height: 8,
      outside: 'black',
      kernel: 'triangle',
    });
    expect(Array.from(black.slice(0, 5), Math.round)).toEqual([0, 0, 0, 0, 10]);
  });
});
