import { expect, test } from 'vitest';
import { neighboursOf, shortestPath } from './regions.ts';

// Two triangles that share the edge 1–2, in a line: 0, {1, 2}, 3.
const triangles = Int32Array.of(0, 1, 2, 1, 3, 2);
const positions = Float32Array.of(0, 0, 0, 1, 1, 0, 1, -3, 0, 2, 0, 0);

test('neighbours lie along edges', () => {
  expect(neighboursOf(triangles, 4).map((list) => list.sort())).toEqual([
    [1, 2],
    [0, 2, 3],
    [0, 1, 3],
    [1, 2],
  ]);
});

test('the shortest path takes the short side', () => {
  expect(shortestPath(neighboursOf(triangles, 4), positions, [0, 3])).toEqual([0, 1, 3]);
});
