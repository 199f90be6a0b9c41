import type { Tensor } from '../tensor/tensor.ts';
import type { Reduction } from './reduction.ts';
import { selfRegularizationLoss } from './self-regularization.ts';

/**
 * `‖F(G(x)) − x‖₁`, one direction of the cycle-consistency loss before the weight λ = 10 (Zhu et
 * al. 2017, arXiv 1703.10593, equation 2): what an inverse refiner F cannot bring back is lost, the
 * annotation too. The mean over the channels as in `selfRegularizationLoss`; with `mean` it is the
 * published code's mean over all values.
 */
export function cycleConsistencyLoss(
  original: Tensor,
  reconstructed: Tensor,
  reduction: Reduction,
): Tensor {
  const options = { norm: 'l1', difference: 'per-channel', reduction } as const;
  return selfRegularizationLoss(original, reconstructed, options);
}

/**
 * `‖G(y) − y‖₁` for images y that already belong to the target of G, before the weight, half of λ
 * (Zhu et al. 2017, section 5.2, “Photo generation from paintings”): keeps the colours of what
 * needs no change. Not the identity of a person (`identityEmbeddingLoss`).
 */
export function identityMappingLoss(
  images: Tensor,
  translated: Tensor,
  reduction: Reduction,
): Tensor {
  return cycleConsistencyLoss(images, translated, reduction);
}
