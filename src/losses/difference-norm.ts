import { abs, square } from '../tensor/operators/elementwise.ts';
import { mean } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Reduction, reducePositions } from './reduction.ts';

/** `l1`: absolute values; `l2`: squares (no root). */
export type Norm = 'l1' | 'l2';

/**
 * The size of `[batch, channels, height, width]`: absolute values or squares, the mean over the
 * channels, reduced over positions and batch.
 */
export function differenceNorm(change: Tensor, norm: Norm, reduction: Reduction): Tensor {
  const size = norm === 'l1' ? abs(change) : square(change);
  const perPosition = size.shape[1] === 1 ? size : mean(size, { axes: [1], keepDimensions: true });
  return reducePositions(perPosition, reduction);
}
