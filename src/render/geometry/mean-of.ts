import type { Point } from './pose.ts';

/** The mean of some vertices. */
export function meanOf(positions: Float32Array, vertices: ArrayLike<number>): Point {
  const sum = [0, 0, 0];
  for (let i = 0; i < vertices.length; i++) {
    for (let k = 0; k < 3; k++) sum[k] += positions[3 * vertices[i] + k];
  }
  return sum.map((value) => value / vertices.length) as unknown as Point;
}
