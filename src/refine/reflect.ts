import type { ImageSize } from '../data/decode.ts';

/** Planes of equal size, one after the other. */
export interface Planes extends ImageSize {
  readonly values: Float32Array;
}

/**
 * The place in 0 … size − 1 that stands for place i beyond it: mirrored at the last one, which is
 * not repeated, and at the first one where that is not enough.
 */
function reflect(i: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const place = i % period;
  return place < size ? place : period - place;
}

/** The smallest size from this one up whose height and width are multiples of `multiple`. */
export function roundUp({ height, width }: ImageSize, multiple: number): ImageSize {
  const up = (n: number) => Math.ceil(n / multiple) * multiple;
  return { height: up(height), width: up(width) };
}

function sameSize(a: ImageSize, b: ImageSize): boolean {
  return a.height === b.height && a.width === b.width;
}

/** Planes that are larger at the right and at the bottom, where they are filled by reflection. */
export function padByReflection(planes: Planes, size: ImageSize): Float32Array {
  return sameSize(planes, size) ? planes.values : resample(planes, size);
}

/** The top left part of planes. */
export function crop(planes: Planes, size: ImageSize): Float32Array {
  return sameSize(planes, size) ? planes.values : resample(planes, size);
}

function resample({ values, height, width }: Planes, size: ImageSize): Float32Array {
  const count = values.length / (height * width);
  const result = new Float32Array(count * size.height * size.width);
  const columns = Int32Array.from({ length: size.width }, (_, x) => reflect(x, width));
  for (let plane = 0, to = 0; plane < count; plane++) {
    for (let y = 0; y < size.height; y++) {
      const row = (plane * height + reflect(y, height)) * width;
      for (let x = 0; x < size.width; x++, to++) result[to] = values[row + columns[x]];
    }
  }
  return result;
}
