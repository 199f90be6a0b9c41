import { add, multiply } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * The mean over the scales of a multi-scale discriminator of a loss of each one's logits. Every
 * scale counts the same, whatever its number of patches, as in pix2pixHD (Wang et al. 2018, arXiv
 * 1711.11585, equation 3, but for the division).
 */
export function meanOverScales(
  logits: readonly Tensor[],
  loss: (logits: Tensor) => Tensor,
): Tensor {
  const total = logits.map(loss).reduce((a, b) => add(a, b));
  return logits.length === 1 ? total : multiply(total, 1 / logits.length);
}
