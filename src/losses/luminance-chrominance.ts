import { add, multiply, subtract } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { differenceNorm, type Norm } from './difference-norm.ts';
import { requireImagePair } from './image-pair.ts';
import { chrominance, luminance } from './luminance.ts';
import type { Reduction } from './reduction.ts';

export interface LuminanceChrominanceOptions {
  /** λ_Y, of the change of luma. */
  readonly luminanceWeight: number;
  /** λ_C, of the mean change of Cb and Cr. */
  readonly chrominanceWeight: number;
  readonly norm: Norm;
  readonly reduction: Reduction;
}

/**
 * `λ_Y ‖Y(R(x)) − Y(x)‖ + λ_C ‖C(R(x)) − C(x)‖`: brightness and colour apart, so that one may move
 * more than the other (a larger λ_C holds the tone of the skin, a smaller one frees it). C is the
 * mean over Cb and Cr. Grey images have Y alone.
 *
 * @throws {ShapeError} where the shapes differ or the channels are neither 1 nor 3.
 */
export function luminanceChrominanceLoss(
  original: Tensor,
  refined: Tensor,
  { luminanceWeight, chrominanceWeight, norm, reduction }: LuminanceChrominanceOptions,
): Tensor {
  requireImagePair('luminanceChrominanceLoss', original, refined);
  // Both are linear: of the change it is one pass less than the change of both.
  const change = subtract(refined, original);
  const size = (x: Tensor) => differenceNorm(x, { norm, reduction });
  const ofLuminance = multiply(size(luminance(change)), luminanceWeight);
  if (change.shape[1] === 1) return ofLuminance;
  return add(ofLuminance, multiply(size(chrominance(change)), chrominanceWeight));
}
