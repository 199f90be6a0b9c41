import { clearSampleGrid, createSampleGrid, rasterize, snap } from '../raster/rasterize.ts';

const directions = 96;
const gridSize = 256;

/** Direction `i` of an even covering of the sphere (Fibonacci lattice). */
function sphereDirection(i: number): [number, number, number] {
  const z = 1 - (2 * i + 1) / directions;
  const radius = Math.sqrt(1 - z * z);
  const angle = i * Math.PI * (3 - Math.sqrt(5));
  return [radius * Math.cos(angle), z, radius * Math.sin(angle)];
}

function perpendicular([x, y, z]: readonly number[]): [number[], number[]] {
  const helper = Math.abs(y) < 0.9 ? [0, 1, 0] : [1, 0, 0];
  const u = [
    helper[1] * z - helper[2] * y,
    helper[2] * x - helper[0] * z,
    helper[0] * y - helper[1] * x,
  ];
  const length = Math.hypot(...u);
  const right = u.map((value) => value / length);
  const up = [
    y * right[2] - z * right[1],
    z * right[0] - x * right[2],
    x * right[1] - y * right[0],
  ];
  return [right, up];
}

/**
 * Ambient occlusion of a mesh at rest, one value a vertex: the cosine-weighted share of an even sky
 * that the vertex sees, 0 … 1, found with one orthographic depth map a direction.
 */
export function ambientOcclusion(
  positions: Float32Array,
  normals: Float32Array,
  occluders: Uint16Array,
): Float32Array {
  const count = positions.length / 3;
  let radius = 0;
  const centre = [0, 6.6, 0.4];
  for (let i = 0; i < count; i++) {
    const d = Math.hypot(...[0, 1, 2].map((k) => positions[3 * i + k] - centre[k]));
    radius = Math.max(radius, d);
  }
  const grid = createSampleGrid(gridSize, gridSize, true);
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const nearness = new Float32Array(count);
  const open = new Float32Array(count);
  const total = new Float32Array(count);
  const scale = gridSize / (2 * radius);
  const bias = 0.03;
  for (let d = 0; d < directions; d++) {
    const direction = sphereDirection(d);
    const [right, up] = perpendicular(direction);
    const along = (axis: readonly number[], i: number) =>
      axis[0] * (positions[3 * i] - centre[0]) +
      axis[1] * (positions[3 * i + 1] - centre[1]) +
      axis[2] * (positions[3 * i + 2] - centre[2]);
    for (let i = 0; i < count; i++) {
      x[i] = snap(gridSize / 2 + along(right, i) * scale);
      y[i] = snap(gridSize / 2 - along(up, i) * scale);
      nearness[i] = along(direction, i) + radius + 1;
    }
    clearSampleGrid(grid);
    rasterize(grid, { x, y, nearness }, occluders, { twoSided: true });
    for (let i = 0; i < count; i++) {
      const cosine =
        normals[3 * i] * direction[0] +
        normals[3 * i + 1] * direction[1] +
        normals[3 * i + 2] * direction[2];
      if (cosine <= 0) continue;
      total[i] += cosine;
      const at =
        Math.min(gridSize - 1, Math.max(0, Math.floor(y[i]))) * gridSize +
        Math.min(gridSize - 1, Math.max(0, Math.floor(x[i])));
      if (nearness[i] + bias + 0.05 * (1 - cosine) >= grid.nearness[at]) open[i] += cosine;
    }
  }
  return open.map((value, i) => (total[i] > 0 ? value / total[i] : 1));
}
