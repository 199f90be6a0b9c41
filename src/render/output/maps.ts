import type { Layer } from '../geometry/layer.ts';
import type { Frame } from '../raster/frame.ts';
import { layerOf } from '../shading/shade-frame.ts';
import { createSurfacePoint, interpolate } from '../shading/surface-point.ts';

/** The nearest solid sample of a pixel, −1 where it shows only background. */
function nearestSample(frame: Frame, x: number, y: number): number {
  const { grid } = frame;
  const first = 2 * y * grid.width + 2 * x;
  let best = -1;
  let nearness = 0;
  for (let k = 0; k < 4; k++) {
    const sample = first + (k & 1) + (k >> 1) * grid.width;
    if (grid.nearness[sample] > nearness) {
      nearness = grid.nearness[sample];
      best = sample;
    }
  }
  return best;
}

/**
 * Depth of each pixel's nearest surface: millimetres from the camera's plane, 0 where there is
 * none.
 */
export function depthMap(frame: Frame, layers: readonly Layer[]): Uint16Array {
  const depth = new Uint16Array(frame.size ** 2);
  for (let i = 0; i < depth.length; i++) {
    const sample = nearestSample(frame, i % frame.size, Math.floor(i / frame.size));
    if (sample < 0) continue;
    const { advance } = layerOf(layers, frame.grid.triangle[sample]);
    const decimetres = 1 / frame.grid.nearness[sample] + advance;
    depth[i] = Math.min(65535, Math.round(100 * decimetres));
  }
  return depth;
}

/**
 * Normals of each pixel's nearest surface in camera space as `255 · (n + 1) / 2`, 128 without one.
 */
export function normalMap(frame: Frame, layers: readonly Layer[]): Uint8Array {
  const { size, grid } = frame;
  const normals = new Uint8Array(size * size * 3).fill(128);
  const point = createSurfacePoint();
  for (let i = 0; i < size * size; i++) {
    const sample = nearestSample(frame, i % size, Math.floor(i / size));
    if (sample < 0) continue;
    const layer = layerOf(layers, grid.triangle[sample]);
    const px = (sample % grid.width) + 0.5;
    const py = Math.floor(sample / grid.width) + 0.5;
    interpolate(
      layer,
      grid.triangle[sample] - layer.firstTriangle,
      px,
      py,
      frame.samplesPerPixel,
      point,
    );
    // Strips and cloth are seen from both sides; the map shows the side that faces the camera.
    const side = point.nz < 0 ? -1 : 1;
    normals[3 * i] = Math.round(127.5 * (1 + side * point.nx));
    normals[3 * i + 1] = Math.round(127.5 * (1 + side * point.ny));
    normals[3 * i + 2] = Math.round(127.5 * (1 + side * point.nz));
  }
  return normals;
}
