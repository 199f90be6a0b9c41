import { stopGradient } from '../tensor/operators/constant.ts';
import { add, multiply } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Norm } from './difference-norm.ts';
import type { Reduction } from './reduction.ts';
import { selfRegularizationLoss } from './self-regularization.ts';

/** Feature maps `[batch, channels, height, width]` of images, one a tap. */
export type FeatureFunction = (images: Tensor) => readonly Tensor[];

export interface FeatureDistanceOptions {
  /** A weight a tap; default 1 for each. */
  readonly weights?: readonly number[];
  readonly norm: Norm;
  readonly reduction: Reduction;
}

/**
 * `Σ_i w_i ‖φ_i(R(x)) − φ_i(x)‖` over feature maps φ of a fixed network: SimGAN's regulariser in a
 * feature space (Shrivastava et al. 2017, arXiv 1612.07828, equation 4, whose ψ may be any feature
 * transform; Johnson et al. 2016, arXiv 1603.08155, equation 2 with `l2` and `mean`). Each distance
 * is `selfRegularizationLoss` for each channel.
 */
export function featureDistance(
  original: Tensor,
  refined: Tensor,
  features: FeatureFunction,
  { weights, norm, reduction }: FeatureDistanceOptions,
): Tensor {
  const targets = features(original);
  const options = { norm, difference: 'per-channel', reduction } as const;
  const distances = features(refined).map((maps, i) => {
    // Nothing is learned from the render's side.
    const distance = selfRegularizationLoss(stopGradient(targets[i]), maps, options);
    return multiply(distance, weights?.[i] ?? 1);
  });
  return distances.reduce((a, b) => add(a, b));
}
