import { stopGradient } from '../tensor/operators/constant.ts';
import { multiply, square, subtract } from '../tensor/operators/elementwise.ts';
import { sum } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * Where a fixed network sees the landmarks: `[batch, points, 2]` coordinates as a share of the
 * image, or heat maps `[batch, points, rows, columns]`.
 */
export type LandmarkFunction = (images: Tensor) => Tensor;

export interface LandmarkConsistencyOptions {
  /** The landmarks to compare with; default: what the function sees in the original. */
  readonly target?: Tensor;
}

/**
 * How far the landmarks move: `Σ ‖p(R(x)) − p(x)‖²` over the two coordinates or the elements of a
 * heat map, mean over points and batch. For coordinates as shares of the image its root is the
 * usual landmark error. With `target`, the labels themselves, the network's own error on renders
 * counts too; without it the network need only see the same before and after.
 */
export function landmarkConsistencyLoss(
  original: Tensor,
  refined: Tensor,
  landmarks: LandmarkFunction,
  { target }: LandmarkConsistencyOptions = {},
): Tensor {
  const found = landmarks(refined);
  const [batch, points] = found.shape;
  const change = subtract(found, target ?? stopGradient(landmarks(original)));
  return multiply(sum(square(change)), 1 / (batch * points));
}
