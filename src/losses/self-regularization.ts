import { abs, square, subtract } from '../tensor/operators/elementwise.ts';
import { mean } from '../tensor/operators/reduce.ts';
import { ShapeError, sameShape, type Tensor } from '../tensor/tensor.ts';
import { type Reduction, reducePositions } from './reduction.ts';

export interface SelfRegularizationOptions {
  /** `l1`: absolute differences; `l2`: squared differences (no root). */
  readonly norm: 'l1' | 'l2';
  /**
   * `per-channel`: the mean over the n channels of the per-channel difference,
   * `‖x − R(x)‖₁ / n` (the report); `channel-mean`: the difference of the channel means,
   * `‖mean(x) − mean(R(x))‖₁`, which does not see a change of hue at equal mean (the original).
   * Equal for one channel.
   */
  readonly difference: 'per-channel' | 'channel-mean';
  /** `sum`: summed over the pixels, mean over the batch; `mean`: mean over both. */
  readonly reduction: Reduction;
}

/**
 * How far the refined image is from its origin, `‖R(x) − x‖` before the weight λ (Shrivastava et al.
 * 2017, arXiv 1612.07828, equation 4). Works on images and on feature maps alike,
 * `[batch, channels, height, width]`.
 *
 * @throws {ShapeError} where the shapes differ.
 */
export function selfRegularizationLoss(
  original: Tensor,
  refined: Tensor,
  { norm, difference, reduction }: SelfRegularizationOptions,
): Tensor {
  if (original.shape.length !== 4 || !sameShape(original.shape, refined.shape)) {
    const expected = 'two equal shapes [batch, channels, height, width]';
    throw new ShapeError('selfRegularizationLoss', [original, refined], expected);
  }
  const size = norm === 'l1' ? abs : square;
  const channelMean = (x: Tensor) => mean(x, { axes: [1], keepDimensions: true });
  const change = subtract(refined, original);
  const perPixel =
    difference === 'per-channel' ? channelMean(size(change)) : size(channelMean(change));
  return reducePositions(perPixel, reduction);
}
