import { describe, expect, test } from 'vitest';
import { alignGradients, peakOffset } from './alignment.ts';
import { constant, drawnFace, mirrored, moved, shiftedRight, warmed } from './testing/pictures.ts';

const { image, mask } = drawnFace();

test('an unchanged image lies on itself exactly', () => {
  const alignment = alignGradients(image, image);
  expect(alignment.shift).toEqual([0, 0]);
  expect(alignment.correlation).toBeCloseTo(1, 12);
  expect(alignment.edgeStrength).toBe(1);
  expect(alignment.mirroredCorrelation).toBeLessThan(0.8);
});

test('changed colours and noise do not move it', () => {
  const { shift, correlation } = alignGradients(image, warmed(image));
  expect(Math.hypot(...shift)).toBeLessThan(0.15);
  expect(correlation).toBeGreaterThan(0.85);
});

test.each([
  [3, 0],
  [-2, 4],
  [0, -5],
])('a shift by (%i, %i) is found', (dx, dy) => {
  const alignment = alignGradients(image, warmed(moved(image, (x, y) => [x - dx, y - dy])));
  expect(alignment.shift[0]).toBeCloseTo(dx, 0);
  expect(alignment.shift[1]).toBeCloseTo(dy, 0);
  expect(alignment.shiftedCorrelation).toBeGreaterThan(alignment.correlation + 0.2);
});

test('a shift of a large image is found in its own pixels', () => {
  const large = drawnFace(384).image;
  const { shift } = alignGradients(large, shiftedRight(large, 18));
  expect(Math.abs(shift[0] - 18)).toBeLessThan(1);
  expect(Math.abs(shift[1])).toBeLessThan(1);
});

test('only the region counts', () => {
  const region = mask.codes.map((code) => (code > 0 ? 1 : 0));
  const otherwise = moved(image, (x, y) => (region[y * 64 + x] ? [x, y] : [(7 * x) % 64, y]));
  const inside = alignGradients(image, otherwise, { region }).correlation;
  expect(inside).toBeGreaterThan(alignGradients(image, otherwise).correlation);
  expect(inside).toBeGreaterThan(0.8);
});

describe('destroyed images', () => {
  test('a mirrored one fits better mirrored back', () => {
    const { correlation, mirroredCorrelation } = alignGradients(image, mirrored(image));
    expect(mirroredCorrelation).toBeCloseTo(1, 3);
    expect(correlation).toBeLessThan(mirroredCorrelation - 0.2);
  });

  test('a constant one has no edges and no correlation', () => {
    const alignment = alignGradients(image, constant(image));
    expect(alignment.correlation).toBe(0);
    expect(alignment.edgeStrength).toBeLessThan(1e-4);
    expect(alignment.shift).toEqual([0, 0]);
  });
});

test('peakOffset is the vertex of a parabola', () => {
  const at = (x: number) => 5 - 2 * (x - 0.3) ** 2;
  expect(peakOffset(at(-1), at(0), at(1))).toBeCloseTo(0.3, 12);
  expect(peakOffset(1, 1, 1)).toBe(0);
});
