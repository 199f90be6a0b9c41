import { subtract } from '../tensor/operators/elementwise.ts';
import { mean } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { differenceNorm, type Norm } from './difference-norm.ts';
import { requireImagePair } from './image-pair.ts';
import type { Reduction } from './reduction.ts';

export interface SelfRegularizationOptions {
  /** `l1`: absolute differences; `l2`: squared differences (no root). */
  readonly norm: Norm;
  /**
   * `per-channel`: the mean over the n channels of the per-channel difference,
   * `‖x − R(x)‖₁ / n` (the report); `channel-mean`: the difference of the channel means,
   * `‖mean(x) − mean(R(x))‖₁`, which does not see a change of hue at equal mean (the original).
   * Equal for one channel.
   */
  readonly difference: 'per-channel' | 'channel-mean';
  /** `sum`: summed over the pixels, mean over the batch; `mean`: mean over both. */
  readonly reduction: Reduction;
  /** How much each pixel counts, `[batch, 1, height, width]`; default 1. */
  readonly weights?: Tensor | undefined;
}

/**
 * How far the refined image is from its origin, `‖R(x) − x‖` before the weight λ (Shrivastava et
 * al. 2017, arXiv 1612.07828, equation 4). Works on images and on feature maps alike,
 * `[batch, channels, height, width]`.
 *
 * With weights it holds eyes, mouth and outlines and frees skin and backdrop, by a mask of the
 * parts.
 *
 * @throws {ShapeError} where the shapes do not fit.
 */
export function selfRegularizationLoss(
  original: Tensor,
  refined: Tensor,
  { difference, ...options }: SelfRegularizationOptions,
): Tensor {
  requireImagePair('selfRegularizationLoss', original, refined);
  const change = subtract(refined, original);
  const compared =
    difference === 'per-channel' ? change : mean(change, { axes: [1], keepDimensions: true });
  return differenceNorm(compared, options);
}
