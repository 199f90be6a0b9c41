import type { PatchClass } from '../models/network.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { patchHinge, refinerHinge } from './hinge.ts';
import { patchLeastSquares, refinerLeastSquares } from './least-squares.ts';
import { patchCrossEntropy } from './patch-cross-entropy.ts';
import type { Reduction } from './reduction.ts';
import { refinerAdversarialLoss } from './refiner-adversarial.ts';

/** What both players of the game pay, for logits `[batch, 2, rows, columns]` of one class. */
export interface AdversarialLoss {
  /** The discriminator's, for images that belong to the class; it pays the sum over both. */
  discriminator(logits: Tensor, truth: PatchClass, reduction: Reduction): Tensor;
  /** The refiner's, for its images. */
  refiner(refinedLogits: Tensor, reduction: Reduction): Tensor;
}

/**
 * The log loss (Shrivastava et al. 2017, arXiv 1612.07828, equations 2 and 3). With
 * `realSmoothing` ε the target of photographs alone is 1 − ε, “one-sided label smoothing” (Salimans
 * et al. 2016, arXiv 1606.03498, section 3.4).
 */
export function logLoss({ realSmoothing = 0 } = {}): AdversarialLoss {
  return {
    discriminator: (logits, truth, reduction) =>
      patchCrossEntropy(logits, truth, reduction, {
        smoothing: truth === 'real' ? realSmoothing : 0,
      }),
    refiner: refinerAdversarialLoss,
  };
}

/** The adversarial losses that a configuration can name. */
export const adversarialLosses = {
  log: logLoss(),
  'least-squares': { discriminator: patchLeastSquares, refiner: refinerLeastSquares },
  hinge: { discriminator: patchHinge, refiner: refinerHinge },
} satisfies Record<string, AdversarialLoss>;

export type AdversarialLossName = keyof typeof adversarialLosses;
