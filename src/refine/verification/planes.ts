import type { ColorImage } from '../../faces/index.ts';

/** A number a pixel, `[height, width]`. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** Plane `channel` (0 red, 1 green, 2 blue) in 0 … 255. */
export function channelPlane({ width, height, pixels }: ColorImage, channel: 0 | 1 | 2): Plane {
  const start = channel * width * height;
  return {
    width,
    height,
    values: Float32Array.from(pixels.subarray(start, start + width * height)),
  };
}

/** Luma Y′ = 0.299 R′ + 0.587 G′ + 0.114 B′ (ITU-R BT.601) in 0 … 255. */
export function lumaPlane({ width, height, pixels }: ColorImage): Plane {
  const size = width * height;
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    values[i] = 0.299 * pixels[i] + 0.587 * pixels[size + i] + 0.114 * pixels[2 * size + i];
  }
  return { width, height, values };
}
