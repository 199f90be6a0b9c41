import { add } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { patchCrossEntropy } from './patch-cross-entropy.ts';
import type { Reduction } from './reduction.ts';

export interface DiscriminatorLogits {
  /** `[batch, 2, rows, columns]` of refined images, fresh and from the history. */
  readonly refined: Tensor;
  /** `[batch, 2, rows, columns]` of photographs; the batch may have another size. */
  readonly real: Tensor;
}

/**
 * The discriminator's loss `−Σ log D(R(x)) − Σ log(1 − D(y))`, D the probability of *refined*
 * (Shrivastava et al. 2017, arXiv 1612.07828, equation 2): the sum of two cross entropies.
 *
 * Each term: `sum` is summed over the patches, mean over its batch; `mean` is the mean over both. So
 * at chance the loss is 2 ln 2 times the number of patches (2 · 87.34 for 9×14), or 2 ln 2.
 */
export function discriminatorAdversarialLoss(
  { refined, real }: DiscriminatorLogits,
  reduction: Reduction,
): Tensor {
  return add(
    patchCrossEntropy(refined, 'refined', reduction),
    patchCrossEntropy(real, 'real', reduction),
  );
}
