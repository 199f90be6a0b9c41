import { abs, multiply, square } from '../tensor/operators/elementwise.ts';
import { mean } from '../tensor/operators/reduce.ts';
import { ShapeError, sameShape, type Tensor } from '../tensor/tensor.ts';
import { type Reduction, reducePositions } from './reduction.ts';

/** `l1`: absolute values; `l2`: squares (no root). */
export type Norm = 'l1' | 'l2';

export interface DifferenceNormOptions {
  readonly norm: Norm;
  readonly reduction: Reduction;
  /**
   * How much each position counts, `[batch, 1, height, width]`; default 1. The result is not
   * divided by their sum: a part costs the same in every image, however large the others are.
   */
  readonly weights?: Tensor | undefined;
}

/**
 * The size of `[batch, channels, height, width]`: absolute values or squares, the mean over the
 * channels, weighted and reduced over positions and batch.
 *
 * @throws {ShapeError} where the weights do not fit.
 */
export function differenceNorm(
  change: Tensor,
  { norm, reduction, weights }: DifferenceNormOptions,
): Tensor {
  const size = norm === 'l1' ? abs(change) : square(change);
  const perPosition = size.shape[1] === 1 ? size : mean(size, { axes: [1], keepDimensions: true });
  if (weights === undefined) return reducePositions(perPosition, reduction);
  if (!sameShape(weights.shape, perPosition.shape)) {
    const expected = `weights [${perPosition.shape.join(', ')}]`;
    throw new ShapeError('differenceNorm', [weights], expected);
  }
  return reducePositions(multiply(weights, perPosition), reduction);
}
