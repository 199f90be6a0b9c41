import type { PatchClass } from '../models/network.ts';
import { multiply, square, subtract } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { patchScore } from './patch-score.ts';
import { type Reduction, reducePositions } from './reduction.ts';

/**
 * The discriminator's: `½ Σ (D − t)²` with the score D of each patch (`patchScore`) and t = 1 for
 * *real*, 0 for *refined* (Mao et al. 2017, arXiv 1611.04076, equation 9). Unlike the log loss it
 * has a gradient for patches that are judged right but lie far from the target, and none grows
 * without bound in their logits' favour.
 *
 * @param logits `[batch, 2, rows, columns]`.
 */
export function patchLeastSquares(
  logits: Tensor,
  target: PatchClass,
  reduction: Reduction,
): Tensor {
  return multiply(squaredDistance(logits, target === 'real' ? 1 : 0, reduction), 0.5);
}

/**
 * The refiner's: `Σ (D − 1)²`, without the discriminator's ½ (Zhu et al. 2017, arXiv 1703.10593,
 * section 4 with the appendix's “divide the objective by 2 while optimizing D”). Beside other terms
 * the factor counts: λ = 10 of the cycle is published for this one.
 *
 * @param refinedLogits `[batch, 2, rows, columns]` of refined images.
 */
export function refinerLeastSquares(refinedLogits: Tensor, reduction: Reduction): Tensor {
  return squaredDistance(refinedLogits, 1, reduction);
}

function squaredDistance(logits: Tensor, target: number, reduction: Reduction): Tensor {
  return reducePositions(square(subtract(patchScore(logits), target)), reduction);
}
