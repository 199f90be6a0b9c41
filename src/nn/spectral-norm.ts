import { stopGradient } from '../tensor/operators/constant.ts';
import { add, divide, multiply, sqrt, square } from '../tensor/operators/elementwise.ts';
import { matmul } from '../tensor/operators/matmul.ts';
import { sum } from '../tensor/operators/reduce.ts';
import { reshape, transpose } from '../tensor/operators/reshape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Keeps the spectral norm of weights that are all 0 from being 0 / 0. */
const tiny = 1e-12;

export interface SpectralNormOptions {
  /** Squarings of the Gram matrix; *s* of them are 2ˢ power iterations. Default 8. */
  readonly squarings?: number;
}

/**
 * The largest singular value σ of weights `[filters, …]` read as a matrix `W` of one row a filter
 * (Miyato et al. 2018, arXiv 1802.05957, section 2.1 and appendix A).
 *
 * Miyato takes one power iteration a step and keeps the vectors. Here nothing is kept: the Gram
 * matrix `W Wᵀ`, squared *s* times and each time divided by its trace, tends to `u uᵀ` as after 2ˢ
 * iterations from every start at once, and `σ² = Σ (u uᵀ) ∘ (W Wᵀ)`. It is filters³ multiplications
 * a squaring, so a fraction of a millisecond; a step stays a pure function of the weights, and a
 * resumed run needs no vectors. As in the paper u is a constant to the gradient, `∂σ/∂W = u vᵀ`.
 *
 * σ is never overestimated; values within a fraction of 2⁻ˢ of the largest are averaged with it.
 */
export function spectralNorm(weight: Tensor, { squarings = 8 }: SpectralNormOptions = {}): Tensor {
  const matrix = reshape(weight, [weight.shape[0], -1]);
  const gram = matmul(matrix, transpose(matrix));
  let projection = divide(gram, add(sum(square(matrix)), tiny));
  for (let i = 0; i < squarings; i++) {
    // The trace of a symmetric matrix's square is the sum of its squared elements.
    const trace = add(sum(square(projection)), tiny);
    projection = divide(matmul(projection, projection), trace);
  }
  return sqrt(add(sum(multiply(stopGradient(projection), gram)), tiny));
}

/**
 * Weights divided by their spectral norm, `W / σ(W)` (Miyato et al. 2018, equation 8): the layer
 * then stretches no input by more than 1 (up to overlapping filters, as in the paper).
 */
export function spectrallyNormalized(weight: Tensor, options: SpectralNormOptions = {}): Tensor {
  return divide(weight, spectralNorm(weight, options));
}
