import { invertSimilarity, type Similarity, scaleOf } from './geometry.ts';
import {
  type AxisOptions,
  kernels,
  phaseCount,
  phaseTables,
  type Taps,
  tapsOf,
} from './resample-kernel.ts';

/** An 8-bit colour image in memory. */
export interface ColorImage {
  readonly width: number;
  readonly height: number;
  /** RGB, `[3, height, width]`. */
  readonly pixels: Uint8Array;
}

export interface WarpOptions {
  /** Output size in pixels. */
  readonly width: number;
  readonly height: number;
  /** What lies outside the image: its mirror image (the default) or black. */
  readonly outside?: 'reflect' | 'black';
  /** `lanczos` (3 lobes, the default) for pictures, `triangle` where speed counts. */
  readonly kernel?: 'lanczos' | 'triangle';
}

/**
 * The image under a similarity from image to output, antialiased: the kernel is as wide as an
 * output pixel where the image shrinks. First rows and columns are resampled to the output's scale,
 * then, where there is a rotation, the result is turned at that scale.
 *
 * Gives `[3, height, width]` in 0 … 255, not rounded.
 */
export function warp(image: ColorImage, map: Similarity, options: WarpOptions): Float32Array {
  const { width, height, outside = 'reflect', kernel = 'lanczos' } = options;
  if (map.b === 0 && map.a > 0) {
    const region = { left: -map.dx, top: -map.dy, width, height };
    return resampleRegion(image, { scale: map.a, region, outside, kernel: kernels[kernel] });
  }
  return rotate(image, map, { width, height, outside, kernel });
}

interface RegionOptions extends AxisOptions {
  /** In output pixels: of the whole resampled image, this part is wanted. */
  readonly region: { left: number; top: number; width: number; height: number };
}

function resampleRegion(image: ColorImage, options: RegionOptions): Float32Array {
  const { left, top, width, height } = options.region;
  const columns = tapsOf(options, { start: left, count: width, size: image.width });
  const rows = tapsOf(options, { start: top, count: height, size: image.height });
  const result = new Float32Array(3 * width * height);
  const line = new Float32Array(image.width);
  for (let channel = 0; channel < 3; channel++) {
    const plane = channel * image.width * image.height;
    for (let y = 0; y < height; y++) {
      if (!blendRows(image, { plane, rows, y }, line)) continue;
      blendColumns(line, columns, result.subarray((channel * height + y) * width));
    }
  }
  return result;
}

/** One row of output, not yet resampled along the row; false where the image does not reach it. */
function blendRows(
  { pixels, width }: ColorImage,
  { plane, rows, y }: { readonly plane: number; readonly rows: Taps; readonly y: number },
  line: Float32Array,
): boolean {
  let empty = true;
  for (let at = y * rows.taps, end = at + rows.taps; at < end; at++) {
    const weight = rows.weights[at];
    if (weight === 0) continue;
    const from = plane + rows.indices[at] * width;
    if (empty) for (let x = 0; x < width; x++) line[x] = weight * pixels[from + x];
    else for (let x = 0; x < width; x++) line[x] += weight * pixels[from + x];
    empty = false;
  }
  return !empty;
}

function blendColumns(
  line: Float32Array,
  { taps, indices, weights }: Taps,
  result: Float32Array,
): void {
  const count = weights.length / taps;
  if (taps === 2) {
    blendPairs(line, { indices, weights }, result);
    return;
  }
  for (let x = 0, at = 0; x < count; x++) {
    let sum = 0;
    for (const end = at + taps; at < end; at++) sum += weights[at] * line[indices[at]];
    result[x] = Math.min(Math.max(sum, 0), 255);
  }
}

/** The same for two taps, which is most of the work where images are enlarged bilinearly. */
function blendPairs(
  line: Float32Array,
  { indices, weights }: Pick<Taps, 'indices' | 'weights'>,
  result: Float32Array,
): void {
  const count = weights.length >> 1;
  for (let x = 0, at = 0; x < count; x++, at += 2) {
    const sum = weights[at] * line[indices[at]] + weights[at + 1] * line[indices[at + 1]];
    result[x] = Math.min(Math.max(sum, 0), 255);
  }
}

function rotate(
  image: ColorImage,
  map: Similarity,
  { width, height, outside, kernel }: Required<WarpOptions>,
): Float32Array {
  const scale = scaleOf(map);
  // From output pixels to pixels of the image resampled to the output's scale.
  const back = invertSimilarity({
    a: map.a / scale,
    b: map.b / scale,
    dx: map.dx,
    dy: map.dy,
  });
  const corners = [0, width].flatMap((x) =>
    [0, height].map((y) => [back.a * x - back.b * y + back.dx, back.b * x + back.a * y + back.dy]),
  );
  const { radius } = kernels[kernel];
  const limits = [0, 1].map((axis) => {
    const values = corners.map((corner) => corner[axis]);
    const low = Math.floor(Math.min(...values)) - radius - 1;
    return { low, size: Math.ceil(Math.max(...values)) + radius + 1 - low };
  });
  const [{ low: left, size: wide }, { low: top, size: high }] = limits;
  const region = { left, top, width: wide, height: high };
  const source = resampleRegion(image, { scale, region, outside, kernel: kernels[kernel] });
  const result = new Float32Array(3 * width * height);
  const plane = wide * high;
  const taps = 2 * radius;
  const phases = phaseTables[kernel];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = back.a * (x + 0.5) - back.b * (y + 0.5) + back.dx - left - 0.5;
      const v = back.b * (x + 0.5) + back.a * (y + 0.5) + back.dy - top - 0.5;
      const column = Math.floor(u);
      const row = Math.floor(v);
      const across = taps * Math.round((u - column) * phaseCount);
      const down = taps * Math.round((v - row) * phaseCount);
      const corner = (row - radius + 1) * wide + column - radius + 1;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let j = 0; j < taps; j++) {
        const rowWeight = phases[down + j];
        const line = corner + j * wide;
        for (let i = 0; i < taps; i++) {
          const weight = rowWeight * phases[across + i];
          const from = line + i;
          red += weight * source[from];
          green += weight * source[from + plane];
          blue += weight * source[from + 2 * plane];
        }
      }
      const at = y * width + x;
      result[at] = Math.min(Math.max(red, 0), 255);
      result[width * height + at] = Math.min(Math.max(green, 0), 255);
      result[2 * width * height + at] = Math.min(Math.max(blue, 0), 255);
    }
  }
  return result;
}
