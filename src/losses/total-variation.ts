import { add } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { differenceNorm } from './difference-norm.ts';
import { imageGradients } from './image-gradients.ts';
import type { Reduction } from './reduction.ts';

/**
 * The anisotropic total variation `Σ |∂ₓ R(x)| + |∂ᵧ R(x)|` of refined images (Rudin, Osher and
 * Fatemi 1992; as a regulariser of generated images Mahendran and Vedaldi 2015, arXiv 1412.0035,
 * section 3.2): the mean over the channels, reduced as in `imageGradientLoss`. It punishes noise
 * and checkerboards, and fine texture too.
 */
export function totalVariationLoss(images: Tensor, reduction: Reduction): Tensor {
  const { horizontal, vertical } = imageGradients(images);
  return add(
    differenceNorm(horizontal, { norm: 'l1', reduction }),
    differenceNorm(vertical, { norm: 'l1', reduction }),
  );
}
