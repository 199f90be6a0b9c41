import type { Layer } from '../geometry/layer.ts';
import type { Point } from '../geometry/pose.ts';
import type { Workspace } from '../geometry/workspace.ts';
import type { Direction } from '../scene/scene.ts';
import { clearSampleGrid, rasterize, type SampleGrid, snap } from './rasterize.ts';

const mapSize = 320;
/** Radius around the head that the map covers, decimetres. */
const reach = 3;
/** The map's depth is positive inside this half range. */
const depthOffset = 12;

/** The others lie on the skin or inside the head. */
const casters = new Set<Layer['kind']>(['body', 'clothing', 'hair']);

export interface ShadowMap {
  readonly grid: SampleGrid;
  /** Rows: map x, map y and nearness of a camera-space point, as `[ax, ay, az, constant]`. */
  readonly transform: Float64Array;
  /** Map steps between the taps of the filter. */
  readonly spread: number;
}

function cross(a: readonly number[], b: readonly number[]): number[] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function lightTransform(direction: Direction, centre: Point): Float64Array {
  const helper = Math.abs(direction[1]) > 0.95 ? [1, 0, 0] : [0, 1, 0];
  const side = cross(helper, direction);
  const length = Math.hypot(...side);
  const right = side.map((value) => value / length);
  const up = cross(direction, right);
  const scale = mapSize / (2 * reach);
  const dot = (axis: readonly number[]) =>
    axis[0] * centre[0] + axis[1] * centre[1] + axis[2] * centre[2];
  return Float64Array.of(
    ...right.map((value) => value * scale),
    mapSize / 2 - dot(right) * scale,
    ...up.map((value) => -value * scale),
    mapSize / 2 + dot(up) * scale,
    ...direction,
    depthOffset - dot(direction),
  );
}

/**
 * Draws the depth of everything that casts a shadow, seen from the key light (orthographic).
 * Strips of hair count as solid: at this resolution their gaps average out.
 */
export function drawShadowMap(
  layers: readonly Layer[],
  light: { readonly direction: Direction; readonly softness: number; readonly centre: Point },
  workspace: Workspace,
): ShadowMap {
  const nearness = workspace.floats('shadow map', mapSize * mapSize);
  const grid: SampleGrid = { width: mapSize, height: mapSize, nearness };
  clearSampleGrid(grid);
  const transform = lightTransform(light.direction, light.centre);
  for (const layer of layers) {
    if (!casters.has(layer.kind)) continue;
    const count = layer.positions.length / 3;
    const projected = {
      x: workspace.floats('shadow x', count),
      y: workspace.floats('shadow y', count),
      nearness: workspace.floats('shadow nearness', count),
    };
    const p = layer.positions;
    const m = transform;
    for (let i = 0; i < count; i++) {
      const x = p[3 * i];
      const y = p[3 * i + 1];
      const z = p[3 * i + 2];
      projected.x[i] = snap(m[0] * x + m[1] * y + m[2] * z + m[3]);
      projected.y[i] = snap(m[4] * x + m[5] * y + m[6] * z + m[7]);
      projected.nearness[i] = m[8] * x + m[9] * y + m[10] * z + m[11];
    }
    const trim = layer.item?.trim;
    if (trim !== undefined) hideTrimmed(trim, projected.nearness);
    rasterize(grid, projected, layer.surface.triangles, { twoSided: layer.kind !== 'body' });
  }
  return { grid, transform, spread: light.softness };
}

function hideTrimmed(trim: Float32Array, nearness: Float32Array): void {
  for (let i = 0; i < trim.length; i++) if (trim[i] < 0.5) nearness[i] = 0;
}

/**
 * Share of the key light that reaches a point, 0 … 1: percentage-closer filtering (Reeves et al.
 * 1987) with a cubic B-spline of 4 × 4 taps, which is smooth where a box filter shows steps. The
 * point is first moved along its normal, and the comparison has a soft edge, against acne.
 */
export function lightAt(map: ShadowMap, x: number, y: number, z: number): number {
  const { grid, transform: m, spread } = map;
  const { nearness, width, height } = grid;
  const u = (m[0] * x + m[1] * y + m[2] * z + m[3] - 0.5) / spread;
  const v = (m[4] * x + m[5] * y + m[6] * z + m[7] - 0.5) / spread;
  const depth = m[8] * x + m[9] * y + m[10] * z + m[11];
  const i = Math.floor(u);
  const j = Math.floor(v);
  const s = u - i;
  const t = v - j;
  let lit = 0;
  const w0 = bSpline(1 + s);
  const w1 = bSpline(s);
  const w2 = bSpline(1 - s);
  const w3 = 1 - w0 - w1 - w2;
  for (let b = -1; b <= 2; b++) {
    const wy = bSpline(b - t);
    const row = Math.min(height - 1, Math.max(0, ((j + b) * spread) | 0)) * width;
    for (let a = -1; a <= 2; a++) {
      const column = Math.min(width - 1, Math.max(0, ((i + a) * spread) | 0));
      const behind = nearness[row + column] - depth - softEdge;
      const open = behind <= 0 ? 1 : behind >= softEdge ? 0 : 1 - behind / softEdge;
      lit += open * wy * (a < 0 ? w0 : a === 0 ? w1 : a === 1 ? w2 : w3);
    }
  }
  return lit;
}

/** Depth over which the comparison fades, decimetres. */
const softEdge = 0.035;

function bSpline(x: number): number {
  const d = x < 0 ? -x : x;
  if (d < 1) return 2 / 3 - d * d * (1 - d / 2);
  const r = 2 - d;
  return r > 0 ? (r * r * r) / 6 : 0;
}
