import type { Tensor } from '../tensor/tensor.ts';
import { patchCrossEntropy } from './patch-cross-entropy.ts';
import type { Reduction } from './reduction.ts';

/**
 * What the refiner pays for patches that look refined, `−Σ log(1 − D(R(x)))`, D the probability of
 * *refined* (Shrivastava et al. 2017, arXiv 1612.07828, equation 3). It is the non-saturating loss
 * of Goodfellow et al. 2014 (arXiv 1406.2661, section 3), whose D is the probability of *real*.
 *
 * `sum`: summed over the patches, mean over the batch (ln 2 times the number of patches at chance);
 * `mean`: mean over both (ln 2 at chance).
 *
 * @param refinedLogits `[batch, 2, rows, columns]` of refined images.
 */
export function refinerAdversarialLoss(refinedLogits: Tensor, reduction: Reduction): Tensor {
  return patchCrossEntropy(refinedLogits, 'real', reduction);
}
