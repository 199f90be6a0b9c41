import { multiply } from '../tensor/operators/elementwise.ts';
import { mean, sum } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * How a loss becomes one number. A weight means nothing without it, because `sum` grows with the
 * image and `mean` does not:
 *
 * - `sum`: summed over the positions of an image (patches or pixels), mean over the batch; as in
 *   the equations of SimGAN.
 * - `mean`: mean over positions and batch.
 */
export type Reduction = 'sum' | 'mean';

/** Reduces `[batch, 1, rows, columns]`, one value a position, to a scalar. */
export function reducePositions(values: Tensor, reduction: Reduction): Tensor {
  return reduction === 'mean' ? mean(values) : multiply(sum(values), 1 / values.shape[0]);
}
