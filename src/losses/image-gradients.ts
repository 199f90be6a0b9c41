import { subtract } from '../tensor/operators/elementwise.ts';
import { slice } from '../tensor/operators/slice.ts';
import type { Tensor } from '../tensor/tensor.ts';

export interface ImageGradients {
  /** Each pixel minus its left neighbour, `[batch, channels, height, width − 1]`. */
  readonly horizontal: Tensor;
  /** Each pixel minus its upper neighbour, `[batch, channels, height − 1, width]`. */
  readonly vertical: Tensor;
}

/** The differences of neighbouring pixels of `[batch, channels, height, width]`. */
export function imageGradients(images: Tensor): ImageGradients {
  const along = (axis: 2 | 3) => {
    const size = images.shape[axis];
    return subtract(slice(images, axis, 1, size), slice(images, axis, 0, size - 1));
  };
  return { horizontal: along(3), vertical: along(2) };
}
