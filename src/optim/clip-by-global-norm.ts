import { flattenTree, mapTree, type Tree } from '../base/tree.ts';
import { add, divide, minimum, multiply, sqrt, square } from '../tensor/operators/elementwise.ts';
import { sum } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** `√Σ g²` over all elements of all tensors. */
export function globalNorm(gradients: Tree<Tensor>): Tensor {
  const squares = flattenTree<Tensor>(gradients).map(({ leaf }) => sum(square(leaf)));
  return sqrt(squares.reduce((a, b) => add(a, b)));
}

/**
 * Shortens the gradients where they are longer than `maxNorm`,
 * `g → g · min(1, maxNorm / (‖g‖ + 1e-6))` over all tensors together (Pascanu et al. 2013, arXiv
 * 1211.5063, algorithm 1; the small number as in PyTorch). Gives the norm before clipping too.
 */
export function clipByGlobalNorm<Gradients extends Tree<Tensor>>(
  gradients: Gradients,
  maxNorm: number,
): { readonly gradients: Gradients; readonly norm: Tensor } {
  const norm = globalNorm(gradients);
  const factor = minimum(divide(maxNorm, add(norm, 1e-6)), 1);
  const clipped = mapTree<Tensor, Tensor>(gradients, (g) => multiply(g, factor));
  return { gradients: clipped as Gradients, norm };
}
