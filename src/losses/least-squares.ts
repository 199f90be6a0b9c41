import type { PatchClass } from '../models/network.ts';
import { multiply, square, subtract } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { patchScore } from './patch-score.ts';
import { type Reduction, reducePositions } from './reduction.ts';

/**
 * `½ Σ (D − t)²` with the score D of each patch (`patchScore`) and t = 1 for *real*, 0 for
 * *refined* (Mao et al. 2017, arXiv 1611.04076, equation 9). The discriminator pays it on both
 * classes, the refiner on its images against *real*. Unlike the log loss it has a gradient for
 * patches that are judged right but lie far from the target, and none grows without bound in their
 * logits' favour.
 *
 * @param logits `[batch, 2, rows, columns]`.
 */
export function patchLeastSquares(
  logits: Tensor,
  target: PatchClass,
  reduction: Reduction,
): Tensor {
  const distance = subtract(patchScore(logits), target === 'real' ? 1 : 0);
  return multiply(reducePositions(square(distance), reduction), 0.5);
}
