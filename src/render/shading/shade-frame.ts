import type { Layer } from '../geometry/layer.ts';
import type { Frame } from '../raster/frame.ts';
import type { SurfaceShader } from './shade-surface.ts';
import { createSurfacePoint, interpolate } from './surface-point.ts';

/** Samples of a pixel whose nearness differs by more than this share lie on different folds. */
const foldStep = 0.004;

/** The layer that a triangle number belongs to. */
export function layerOf(layers: readonly Layer[], triangle: number): Layer {
  for (let i = layers.length - 1; i > 0; i--) {
    if (layers[i].firstTriangle <= triangle) return layers[i];
  }
  return layers[0];
}

/**
 * Colours the solid samples. A pixel whose four samples lie on one surface is shaded once, at its
 * centre; at edges every sample is shaded by itself. Empty samples take the background.
 */
export function shadeFrame(
  frame: Frame,
  layers: readonly Layer[],
  shader: SurfaceShader,
  background: Float32Array,
): void {
  const { size, grid, color } = frame;
  const { width, nearness, triangle } = grid;
  const point = createSurfacePoint();
  const light = new Float64Array(3);
  const shade = (sample: number, px: number, py: number) => {
    const number = triangle[sample];
    const layer = layerOf(layers, number);
    interpolate(layer, number - layer.firstTriangle, px, py, frame.samplesPerPixel, point);
    shader(layer, point, light);
  };
  const put = (sample: number, r: number, g: number, b: number) => {
    color[3 * sample] = r;
    color[3 * sample + 1] = g;
    color[3 * sample + 2] = b;
  };
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const s0 = 2 * y * width + 2 * x;
      const s1 = s0 + 1;
      const s2 = s0 + width;
      const s3 = s2 + 1;
      const t0 = triangle[s0];
      const t3 = triangle[s3];
      const back = 3 * (y * size + x);
      const solid = t0 >= 0 && triangle[s1] >= 0 && triangle[s2] >= 0 && t3 >= 0;
      if (solid) {
        const layer = layerOf(layers, t0);
        const z0 = nearness[s0];
        const z3 = nearness[s3];
        const same =
          layer === layerOf(layers, t3) &&
          layer === layerOf(layers, triangle[s1]) &&
          layer === layerOf(layers, triangle[s2]) &&
          Math.abs(z0 - z3) < foldStep * z0 &&
          Math.abs(nearness[s1] - nearness[s2]) < foldStep * z0;
        if (same) {
          shade(s0, 2 * x + 1, 2 * y + 1);
          put(s0, light[0], light[1], light[2]);
          put(s1, light[0], light[1], light[2]);
          put(s2, light[0], light[1], light[2]);
          put(s3, light[0], light[1], light[2]);
          continue;
        }
      }
      for (let k = 0; k < 4; k++) {
        const sample = s0 + (k & 1) + (k >> 1) * width;
        if (triangle[sample] < 0) {
          put(sample, background[back], background[back + 1], background[back + 2]);
          continue;
        }
        shade(sample, 2 * x + (k & 1) + 0.5, 2 * y + (k >> 1) + 0.5);
        put(sample, light[0], light[1], light[2]);
      }
    }
  }
}

/** Averages the samples of each pixel: `[pixels, 3]` linear RGB times the exposure. */
export function resolveFrame(frame: Frame, exposure: number, out: Float32Array): void {
  const { size, grid, color } = frame;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const s0 = 3 * (2 * y * grid.width + 2 * x);
      const s2 = s0 + 3 * grid.width;
      const to = 3 * (y * size + x);
      for (let k = 0; k < 3; k++) {
        const sum = color[s0 + k] + color[s0 + 3 + k] + color[s2 + k] + color[s2 + 3 + k];
        out[to + k] = 0.25 * exposure * sum;
      }
    }
  }
}
