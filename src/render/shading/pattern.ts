import { randomKey, uniform } from '../../base/random.ts';
import type { Color } from '../scene/scene.ts';

/**
 * A small square picture, `[size, size, 3]` linear RGB, that is blurred and enlarged to a backdrop.
 */
export interface Pattern {
  readonly size: number;
  readonly data: Float32Array;
}

export type Draw = () => number;

/** Even draws of [0, 1), one after the other, from a seed. */
export function drawsOf(seed: number, count = 512): Draw {
  const values = uniform(randomKey(seed), count);
  let at = 0;
  return () => values[at++ % count];
}

export function createPattern(size: number): Pattern {
  return { size, data: new Float32Array(size * size * 3) };
}

/** Fills every texel with a colour that depends on its place, 0 … 1 from the top-left corner. */
export function paint(pattern: Pattern, colorAt: (x: number, y: number) => Color): void {
  const { size, data } = pattern;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++)
      data.set(colorAt((x + 0.5) / size, (y + 0.5) / size), 3 * (y * size + x));
  }
}

/** Blends a colour in where `opacity` (0 … 1) says so. */
export function blend(
  pattern: Pattern,
  color: Color,
  opacity: (x: number, y: number) => number,
): void {
  const { size, data } = pattern;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const share = opacity((x + 0.5) / size, (y + 0.5) / size);
      if (share <= 0) continue;
      const at = 3 * (y * size + x);
      for (let k = 0; k < 3; k++) data[at + k] += (color[k] - data[at + k]) * share;
    }
  }
}

/** Smooth noise of 0 … 1 on a lattice of `cells` × `cells`. */
export function smoothNoise(draw: Draw, cells: number): (x: number, y: number) => number {
  const edge = cells + 1;
  const lattice = Float32Array.from({ length: edge * edge }, draw);
  const ease = (t: number) => t * t * (3 - 2 * t);
  return (x, y) => {
    const cx = Math.min(cells - 1e-6, Math.max(0, x * cells));
    const cy = Math.min(cells - 1e-6, Math.max(0, y * cells));
    const i = Math.floor(cx);
    const j = Math.floor(cy);
    const fx = ease(cx - i);
    const fy = ease(cy - j);
    const at = j * edge + i;
    const top = lattice[at] + (lattice[at + 1] - lattice[at]) * fx;
    const bottom = lattice[at + edge] + (lattice[at + edge + 1] - lattice[at + edge]) * fx;
    return top + (bottom - top) * fy;
  };
}

/** Several octaves of smooth noise, each half as strong as the one before, 0 … 1. */
export function fractalNoise(
  draw: Draw,
  cells: number,
  octaves: number,
): (x: number, y: number) => number {
  const layers = Array.from({ length: octaves }, (_, i) => smoothNoise(draw, cells * 2 ** i));
  const total = 2 - 2 ** (1 - octaves);
  return (x, y) => layers.reduce((sum, noise, i) => sum + noise(x, y) / 2 ** i, 0) / total;
}

/** One box blur along rows or columns, edges repeated. */
function blurLine(
  data: Float32Array,
  start: number,
  step: number,
  count: number,
  radius: number,
  line: Float32Array,
): void {
  for (let k = 0; k < 3; k++) {
    const at = (i: number) => data[start + k + step * Math.min(count - 1, Math.max(0, i))];
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += at(i);
    for (let i = 0; i < count; i++) {
      line[i] = sum / (2 * radius + 1);
      sum += at(i + radius + 1) - at(i - radius);
    }
    for (let i = 0; i < count; i++) data[start + k + step * i] = line[i];
  }
}

/** Two box blurs each way, close to a lens out of focus. */
export function blur(pattern: Pattern, radius: number): void {
  if (radius < 1) return;
  const { size, data } = pattern;
  const line = new Float32Array(size);
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < size; i++) {
      blurLine(data, 3 * i * size, 3, size, radius, line);
      blurLine(data, 3 * i, 3 * size, size, radius, line);
    }
  }
}

/** Enlarges a pattern to `[size, size, 3]` with smooth (quadratic B-spline) interpolation. */
export function enlarge(pattern: Pattern, size: number, out: Float32Array): void {
  const ratio = pattern.size / size;
  const taps = Array.from({ length: size }, (_, i) => {
    const at = (i + 0.5) * ratio - 0.5;
    const centre = Math.round(at);
    const d = at - centre;
    const clampIndex = (j: number) => Math.min(pattern.size - 1, Math.max(0, j));
    return {
      index: [clampIndex(centre - 1), clampIndex(centre), clampIndex(centre + 1)],
      weight: [0.5 * (0.5 - d) ** 2, 0.75 - d * d, 0.5 * (0.5 + d) ** 2],
    };
  });
  const rows = new Float32Array(pattern.size * size * 3);
  for (let y = 0; y < pattern.size; y++) {
    for (let x = 0; x < size; x++) {
      const { index, weight } = taps[x];
      const to = 3 * (y * size + x);
      for (let k = 0; k < 3; k++) {
        const from = 3 * y * pattern.size + k;
        rows[to + k] =
          weight[0] * pattern.data[from + 3 * index[0]] +
          weight[1] * pattern.data[from + 3 * index[1]] +
          weight[2] * pattern.data[from + 3 * index[2]];
      }
    }
  }
  const stride = 3 * size;
  for (let y = 0; y < size; y++) {
    const { index, weight } = taps[y];
    const [a, b, c] = index.map((row) => row * stride);
    const [wa, wb, wc] = weight;
    for (let x = 0; x < stride; x++) {
      out[y * stride + x] = wa * rows[a + x] + wb * rows[b + x] + wc * rows[c + x];
    }
  }
}
