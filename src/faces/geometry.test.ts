import { describe, expect, it } from 'vitest';
import {
  applySimilarity,
  boundingBox,
  fitSimilarity,
  intersectionOverUnion,
  invertSimilarity,
  type Point,
  sharedPart,
} from './geometry.ts';

const map = { a: 0.8, b: -0.5, dx: 12, dy: -7 };

describe('similarities', () => {
  it('are undone by their inverse', () => {
    const [x, y] = applySimilarity(invertSimilarity(map), applySimilarity(map, [31, -4]));
    expect(x).toBeCloseTo(31, 10);
    expect(y).toBeCloseTo(-4, 10);
  });

  it('are found again from points they moved', () => {
    const points: Point[] = [
      [0, 0],
      [10, 3],
      [-4, 8],
    ];
    const found = fitSimilarity(
      points,
      points.map((point) => applySimilarity(map, point)),
    );
    for (const key of ['a', 'b', 'dx', 'dy'] as const) expect(found[key]).toBeCloseTo(map[key], 10);
  });
});

describe('boxes', () => {
  const box = { x: 0, y: 0, width: 10, height: 10 };

  it('overlap by the area they share', () => {
    expect(intersectionOverUnion(box, { ...box, x: 5 })).toBeCloseTo(1 / 3, 10);
    expect(intersectionOverUnion(box, { ...box, x: 10 })).toBe(0);
    expect(sharedPart(box, { x: 2, y: 2, width: 2, height: 2 })).toBe(1);
  });

  it('hold the points they are made from', () => {
    const around = boundingBox([
      [3, 4],
      [-1, 9],
    ]);
    expect(around).toEqual({ x: -1, y: 4, width: 4, height: 5 });
  });
});
