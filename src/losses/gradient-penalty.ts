import { gradients } from '../tensor/gradient.ts';
import { multiply, square } from '../tensor/operators/elementwise.ts';
import { sum } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { meanOverScales } from './mean-over-scales.ts';
import { patchScore } from './patch-score.ts';
import { type Reduction, reducePositions } from './reduction.ts';

/**
 * The zero-centred gradient penalty on real images, R₁: `½ E ‖∇_y D(y)‖²` over photographs y,
 * before its weight γ (Mescheder et al. 2018, arXiv 1801.04406, equation 9). D of an image is the
 * score of its patches, summed or averaged over the patches as the losses are (and averaged over
 * the scales); the norm runs over all values of the image, the expectation over the batch.
 *
 * With `mean` D does not grow with the image, but its gradient is spread over the patches: the same
 * γ is patches² times weaker than with `sum`. γ = 10 with one score an image in the paper.
 *
 * @param logits What the discriminator makes of the images: one tensor a scale.
 * @param real The photographs that the logits were computed from.
 */
export function realGradientPenalty(
  logits: readonly Tensor[],
  real: Tensor,
  reduction: Reduction,
): Tensor {
  const [batch] = real.shape;
  const score = meanOverScales(logits, (scale) => reducePositions(patchScore(scale), reduction));
  // The reduction divides by the batch, but each image's own score is asked for.
  const [gradient] = gradients(multiply(score, batch), [real]);
  return multiply(sum(square(gradient)), 0.5 / batch);
}
