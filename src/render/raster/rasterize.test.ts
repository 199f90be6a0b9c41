import { expect, test } from 'vitest';
import { createSampleGrid, type Projected, rasterize, snap } from './rasterize.ts';

const projected = (points: readonly (readonly [number, number, number])[]): Projected => ({
  x: Float32Array.from(points, ([x]) => snap(x)),
  y: Float32Array.from(points, ([, y]) => snap(y)),
  nearness: Float32Array.from(points, ([, , z]) => z),
});
const covered = (grid: ReturnType<typeof createSampleGrid>) =>
  [...grid.nearness].map((z) => (z > 0 ? 1 : 0));

/** Anticlockwise as seen, with y down: (0,0), (0,4), (4,0). */
const corner = projected([
  [0, 0, 1],
  [0, 4, 1],
  [4, 0, 1],
]);

test('covers the samples whose centres lie inside; the hypotenuse is neither top nor left', () => {
  const grid = createSampleGrid(4, 4);
  rasterize(grid, corner, Uint16Array.of(0, 1, 2));
  // Centres on x + y = 4 lie on the excluded edge.
  expect(covered(grid)).toEqual([1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
});

test('culls what is seen from behind unless it is two-sided', () => {
  const grid = createSampleGrid(4, 4);
  rasterize(grid, corner, Uint16Array.of(0, 2, 1));
  expect(covered(grid)).not.toContain(1);
  rasterize(grid, corner, Uint16Array.of(0, 2, 1), { twoSided: true });
  expect(covered(grid).filter(Boolean)).toHaveLength(6);
});

test('a fan of triangles covers every sample once: no gap and no overlap', () => {
  const rim = [
    [1.3, 0.7],
    [0.2, 13.6],
    [9.5, 15.9],
    [15.4, 11.2],
    [14.6, 1.5],
  ] as const;
  const mesh = projected([[8.5, 7.5, 1], ...rim.map(([x, y]) => [x, y, 1] as const)]);
  const triangles = rim.map((_, i) => [0, 1 + i, 1 + ((i + 1) % rim.length)]);
  const counts = new Int32Array(256);
  for (const triangle of triangles) {
    const grid = createSampleGrid(16, 16);
    rasterize(grid, mesh, Uint16Array.from(triangle));
    covered(grid).forEach((value, i) => {
      counts[i] += value;
    });
  }
  const whole = createSampleGrid(16, 16);
  rasterize(whole, mesh, Uint16Array.from(triangles.flat()));
  expect(Math.max(...counts)).toBe(1);
  expect([...counts]).toEqual(covered(whole));
  expect(counts.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(150);
});

test('interpolates nearness linearly on the screen', () => {
  const grid = createSampleGrid(8, 8);
  const plane = (x: number, y: number) => 0.1 + 0.05 * x + 0.02 * y;
  const points = [
    [0, 0],
    [0, 8],
    [8, 0],
  ].map(([x, y]) => [x, y, plane(x, y)] as const);
  rasterize(grid, projected(points), Uint16Array.of(0, 1, 2));
  expect(grid.nearness[0]).toBeCloseTo(plane(0.5, 0.5), 6);
  expect(grid.nearness[2 * 8 + 3]).toBeCloseTo(plane(3.5, 2.5), 6);
});

test('the nearer triangle wins in either order', () => {
  const mesh = projected([
    ...[0, 1, 2].map((i) => [corner.x[i], corner.y[i], 0.5] as const),
    ...[0, 1, 2].map((i) => [corner.x[i], corner.y[i], 0.7] as const),
  ]);
  for (const order of [
    [0, 1, 2, 3, 4, 5],
    [3, 4, 5, 0, 1, 2],
  ]) {
    const grid = createSampleGrid(4, 4);
    rasterize(grid, mesh, Uint16Array.from(order), { firstTriangle: 10 });
    expect(grid.triangle![0]).toBe(order[0] === 3 ? 10 : 11);
    expect(grid.nearness[0]).toBeCloseTo(0.7);
  }
});

test('hidden triangles are skipped', () => {
  const grid = createSampleGrid(4, 4);
  rasterize(grid, corner, Uint16Array.of(0, 1, 2), { hidden: Uint8Array.of(1) });
  expect(covered(grid)).not.toContain(1);
});
