import { add } from '../../tensor/operators/elementwise.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { logLoss } from '../adversarial-loss.ts';
import type { Reduction } from '../reduction.ts';

const { discriminator } = logLoss();

/**
 * What the discriminator pays for both sides, `−Σ log D(R(x)) − Σ log(1 − D(y))`, D the probability
 * of *refined* (Shrivastava et al. 2017, arXiv 1612.07828, equation 2).
 */
export function discriminatorLoss(refined: Tensor, real: Tensor, reduction: Reduction): Tensor {
  return add(discriminator(refined, 'refined', reduction), discriminator(real, 'real', reduction));
}
