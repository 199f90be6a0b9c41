import { add, subtract } from '../tensor/operators/elementwise.ts';
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
}

/**
 * `‖∇R(x) − ∇x‖` over both directions, with differences of neighbouring pixels: edges must stay in
 * place and strength, while whole regions may change their tone for free. After the gradient
 * difference loss of Mathieu et al. 2016 (arXiv 1511.05440, equation 6), but with the sign of the
 * gradients: an inverted edge is not the same.
 *
 * `sum`: summed over pixels and directions, mean over the batch; `mean`: the sum of both directions'
 * means.
 *
 * @throws {ShapeError} where the shapes differ.
 */
export function imageGradientLoss(
  original: Tensor,
  refined: Tensor,
  { of, norm, reduction }: ImageGradientOptions,
): Tensor {
  requireImagePair('imageGradientLoss', original, refined);
  const change = subtract(refined, original);
  const { horizontal, vertical } = imageGradients(of === 'luminance' ? luminance(change) : change);
  return add(
    differenceNorm(horizontal, norm, reduction),
    differenceNorm(vertical, norm, reduction),
  );
}
