import { describe, expect, it } from 'vitest';
import { applySimilarity, warp } from '../faces/index.ts';
import { cropMap, type Framing, framingOf, mirroredHead, outsideShare } from './framing.ts';
import { madeUpFace } from './testing/made-up-face.ts';

const target: Framing = { scale: 0.42, centerX: 0.55, centerY: 0.47, roll: 9 };

describe('cropMap', () => {
  it('gives the landmarks exactly the framing that was asked for', () => {
    for (const degrees of [0, 17, -25]) {
      const landmarks = madeUpFace([310, 190], 140, degrees);
      const map = cropMap(landmarks, target, 96);
      const moved = landmarks.map((point) => applySimilarity(map, point));
      const found = framingOf(moved, { width: 96, height: 96 });
      for (const key of ['scale', 'centerX', 'centerY', 'roll'] as const) {
        expect(found[key]).toBeCloseTo(target[key], 9);
      }
    }
  });

  it('moves the picture as it moves the landmarks', () => {
    const landmarks = madeUpFace([120, 100], 150, 12);
    const [width, height] = [240, 210];
    const pixels = new Uint8Array(3 * width * height);
    const [x0, y0] = landmarks[30];
    for (let i = 0; i < pixels.length; i++) {
      const [x, y] = [i % width, Math.floor(i / width) % height];
      pixels[i] = 250 * Math.exp(-((x + 0.5 - x0) ** 2 + (y + 0.5 - y0) ** 2) / 32);
    }
    const map = cropMap(landmarks, target, 96);
    const crop = warp({ width, height, pixels }, map, { width: 96, height: 96 });
    let [mass, u, v] = [0, 0, 0];
    for (let i = 0; i < 96 * 96; i++) {
      mass += crop[i];
      u += crop[i] * ((i % 96) + 0.5);
      v += crop[i] * (Math.floor(i / 96) + 0.5);
    }
    const [x, y] = applySimilarity(map, landmarks[30]);
    expect(Math.hypot(u / mass - x, v / mass - y)).toBeLessThan(0.05);
  });
});

describe('a crop over the edge', () => {
  const photograph = { width: 100, height: 100 };
  const shift = (dx: number, dy: number) => ({ a: 1, b: 0, dx, dy });

  it('counts the share outside of the photograph', () => {
    expect(outsideShare({ map: shift(0, 0), size: 100, photograph })).toBeCloseTo(0, 12);
    expect(outsideShare({ map: shift(-20, 10), size: 80, photograph })).toBeCloseTo(1 / 8, 12);
    expect(outsideShare({ map: shift(500, 0), size: 80, photograph })).toBe(1);
    // A square turned by 45° about the center of a photograph of its own size: an octagon is left.
    const half = Math.SQRT1_2;
    const turned = { a: half, b: half, dx: 50, dy: 50 - 100 * half };
    const octagon = 2 * Math.SQRT2 - 2;
    expect(outsideShare({ map: turned, size: 100, photograph })).toBeCloseTo(1 - octagon, 9);
  });

  it('tells surroundings in the mirror from a head in the mirror', () => {
    const landmarks = madeUpFace([50, 55], 60);
    const over = (pixels: number) => {
      const geometry = { map: shift(pixels, 0), size: 100 - pixels, photograph };
      return mirroredHead(landmarks, geometry);
    };
    expect(over(10)).toBe(0);
    expect(over(45)).toBeGreaterThan(5);
  });
});
