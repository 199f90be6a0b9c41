import type { PatchClass } from '../models/network.ts';
import { add, negate, relu, subtract } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { patchScore } from './patch-score.ts';
import { type Reduction, reducePositions } from './reduction.ts';

/**
 * The discriminator's hinge loss with the score D of each patch (`patchScore`): `Σ max(0, 1 − D)`
 * on *real* and `Σ max(0, 1 + D)` on *refined* patches (Lim and Ye 2017, arXiv 1705.02894, section
 * 3; Miyato et al. 2018, arXiv 1802.05957, equation 16). Patches beyond the margin cost nothing.
 *
 * @param logits `[batch, 2, rows, columns]`.
 */
export function patchHinge(logits: Tensor, target: PatchClass, reduction: Reduction): Tensor {
  const score = patchScore(logits);
  return reducePositions(relu(target === 'real' ? subtract(1, score) : add(score, 1)), reduction);
}

/**
 * What the refiner pays beside the hinge, `−Σ D` (Miyato et al. 2018, equation 17): without margin,
 * so that it may be negative.
 *
 * @param refinedLogits `[batch, 2, rows, columns]` of refined images.
 */
export function refinerHinge(refinedLogits: Tensor, reduction: Reduction): Tensor {
  return negate(reducePositions(patchScore(refinedLogits), reduction));
}
