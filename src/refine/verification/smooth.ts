import type { Plane } from './planes.ts';

/** Weights of a Gaussian at −radius … radius, sum 1. */
export function gaussianWeights(sigma: number, radius: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/**
 * A plane under a Gaussian of `sigma` pixels; beyond its border it goes on with the border's value.
 */
export function smooth({ width, height, values }: Plane, sigma: number): Plane {
  const radius = Math.ceil(3 * sigma);
  const weights = gaussianWeights(sigma, radius);
  const clamp = (i: number, size: number) => Math.min(Math.max(i, 0), size - 1);
  const rows = new Float32Array(values.length);
  const result = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = -radius; k <= radius; k++) {
        sum += weights[k + radius] * values[y * width + clamp(x + k, width)];
      }
      rows[y * width + x] = sum;
    }
  }
  for (let y = 0; y < height; y++) {
    for (let k = -radius; k <= radius; k++) {
      const line = clamp(y + k, height) * width;
      const weight = weights[k + radius];
      for (let x = 0; x < width; x++) result[y * width + x] += weight * rows[line + x];
    }
  }
  return { width, height, values: result };
}

/**
 * The plane at a position between pixel centres, bilinear; (0.5, 0.5) is the centre of the first.
 */
export function sampleAt({ width, height, values }: Plane, x: number, y: number): number {
  const u = Math.min(Math.max(x - 0.5, 0), width - 1);
  const v = Math.min(Math.max(y - 0.5, 0), height - 1);
  const [left, top] = [Math.min(Math.floor(u), width - 2), Math.min(Math.floor(v), height - 2)];
  if (left < 0 || top < 0) return values[Math.max(top, 0) * width + Math.max(left, 0)];
  const [p, q] = [u - left, v - top];
  const at = top * width + left;
  const upper = values[at] + p * (values[at + 1] - values[at]);
  const lower = values[at + width] + p * (values[at + width + 1] - values[at + width]);
  return upper + q * (lower - upper);
}
