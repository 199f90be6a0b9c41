import type { Tree } from '../base/tree.ts';
import { add, multiply, type Operand, subtract } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { zipTrees } from './zip-trees.ts';

/**
 * `decay · e + (1 − decay) · θ` for every tensor, traced; the average starts as a copy of the
 * parameters. Computed as `e + (1 − decay) · (θ − e)`, which leaves equal values exactly equal.
 *
 * @param decay 0 … 1; a scalar tensor where it changes with the step.
 */
export function exponentialMovingAverage<Parameters extends Tree<Tensor>>(
  average: Parameters,
  parameters: Parameters,
  decay: Operand,
): Parameters {
  const share = typeof decay === 'number' ? 1 - decay : subtract(1, decay);
  return zipTrees<Tensor, Tensor>(average, parameters, (e, p) =>
    add(e, multiply(subtract(p, e), share)),
  ) as Parameters;
}
