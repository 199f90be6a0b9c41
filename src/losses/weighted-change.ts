import { abs, multiply, square, subtract } from '../tensor/operators/elementwise.ts';
import { mean } from '../tensor/operators/reduce.ts';
import { ShapeError, sameShape, type Tensor } from '../tensor/tensor.ts';
import type { Norm } from './difference-norm.ts';
import { requireImagePair } from './image-pair.ts';
import { type Reduction, reducePositions } from './reduction.ts';

export interface WeightedChangeOptions {
  /** How much each pixel counts, `[batch, 1, height, width]`: a table of weights by part. */
  readonly weights: Tensor;
  readonly norm: Norm;
  readonly reduction: Reduction;
}

/**
 * `Σ w ‖R(x) − x‖` with a weight a pixel: holds eyes, mouth and outlines and frees skin and backdrop.
 * Otherwise `selfRegularizationLoss` for each channel, which it is for weights of 1. It is not divided
 * by the sum of the weights: a part costs the same in every image, however large the others are.
 *
 * @throws {ShapeError} where the shapes do not fit.
 */
export function weightedChangeLoss(
  original: Tensor,
  refined: Tensor,
  { weights, norm, reduction }: WeightedChangeOptions,
): Tensor {
  requireImagePair('weightedChangeLoss', original, refined);
  const [batch, , height, width] = original.shape;
  if (!sameShape(weights.shape, [batch, 1, height, width])) {
    throw new ShapeError(
      'weightedChangeLoss',
      [weights],
      `weights [${batch}, 1, ${height}, ${width}]`,
    );
  }
  const change = subtract(refined, original);
  const size = norm === 'l1' ? abs(change) : square(change);
  const perPixel = mean(size, { axes: [1], keepDimensions: true });
  return reducePositions(multiply(weights, perPixel), reduction);
}
