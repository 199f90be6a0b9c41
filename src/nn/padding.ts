import { pad } from '../tensor/operators/slice.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * `same` gives an output of `ceil(input / stride)`, `valid` adds nothing, a number is added on
 * every side.
 */
export type Padding = 'same' | 'valid' | number;

/** What the padding holds: zeros, or the mirror image without the border element. */
export type PaddingMode = 'zero' | 'reflect';

/** Elements added at the top, left, bottom and right. */
export type Sides = readonly [top: number, left: number, bottom: number, right: number];

export interface WindowGeometry {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding;
}

/**
 * Elements before and after one axis so that the output has `ceil(size / stride)`: in all
 * `max((ceil(size / stride) − 1) · stride + kernel − size, 0)`, the odd one after, as TensorFlow's
 * SAME does. SimGAN's 9×14 patches of a 35×55 image follow from it.
 */
export function samePadding(
  size: number,
  { kernel, stride }: Pick<WindowGeometry, 'kernel' | 'stride'>,
): readonly [before: number, after: number] {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

/** The padding of `[batch, channels, height, width]` on each side. */
export function paddedSides(x: Tensor, geometry: WindowGeometry): Sides {
  const { padding } = geometry;
  if (padding === 'valid') return [0, 0, 0, 0];
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  const [top, bottom] = samePadding(x.shape[2], geometry);
  const [left, right] = samePadding(x.shape[3], geometry);
  return [top, left, bottom, right];
}

/** Surrounds the images by their mirror image. */
export function reflectSides(x: Tensor, [top, left, bottom, right]: Sides): Tensor {
  return pad(x, [0, 0, top, left], [0, 0, bottom, right], 'reflect');
}
