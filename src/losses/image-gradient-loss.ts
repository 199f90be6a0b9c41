import { add, maximum, subtract } from '../tensor/operators/elementwise.ts';
import { slice } from '../tensor/operators/slice.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { differenceNorm, type Norm } from './difference-norm.ts';
import { imageGradients } from './image-gradients.ts';
import { requireImagePair } from './image-pair.ts';
import { luminance } from './luminance.ts';
import type { Reduction } from './reduction.ts';

export interface ImageGradientOptions {
  /** Of the luma, or of each channel. */
  readonly of: 'luminance' | 'channels';
  readonly norm: Norm;
  readonly reduction: Reduction;
  /**
   * How much each pixel counts, `[batch, 1, height, width]`; default 1. A difference of two pixels
   * has the larger of their weights: the outline of a part is held as the part is.
   */
  readonly weights?: Tensor | undefined;
}

/**
 * `‖∇R(x) − ∇x‖` over both directions, with differences of neighbouring pixels: edges must stay in
 * place and strength, while whole regions may change their tone for free. After the gradient
 * difference loss of Mathieu et al. 2016 (arXiv 1511.05440, equation 6), but with the sign of the
 * gradients: an inverted edge is not the same.
 *
 * `sum`: summed over pixels and directions, mean over the batch; `mean`: the sum of both
 * directions' means.
 *
 * @throws {ShapeError} where the shapes do not fit.
 */
export function imageGradientLoss(
  original: Tensor,
  refined: Tensor,
  { of, norm, reduction, weights }: ImageGradientOptions,
): Tensor {
  requireImagePair('imageGradientLoss', original, refined);
  const change = subtract(refined, original);
  const { horizontal, vertical } = imageGradients(of === 'luminance' ? luminance(change) : change);
  const along = (axis: 2 | 3, differences: Tensor) =>
    differenceNorm(differences, { norm, reduction, weights: weightsOfPairs(weights, axis) });
  return add(along(3, horizontal), along(2, vertical));
}

/** The larger weight of each pixel and its neighbour before it. */
function weightsOfPairs(weights: Tensor | undefined, axis: 2 | 3): Tensor | undefined {
  if (weights === undefined) return undefined;
  const size = weights.shape[axis];
  return maximum(slice(weights, axis, 1, size), slice(weights, axis, 0, size - 1));
}
