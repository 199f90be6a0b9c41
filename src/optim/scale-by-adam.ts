import { mapTree, type Tree } from '../base/tree.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { add, divide, multiply, sqrt, square } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { GradientTransform, Scalars, TransformResult } from './gradient-transform.ts';
import { zipTrees } from './zip-trees.ts';

/** Running means of the gradient and of its square, in the form of the parameters. */
export type AdamState<Leaf> = {
  readonly firstMoment: Tree<Leaf>;
  readonly secondMoment: Tree<Leaf>;
};

export interface AdamOptions {
  /** Decay of the first moment; default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment; default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Adam without the learning rate (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1):
 *
 * `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `u = m̂ / (√v̂ + ε)` with `m̂ = m / (1 − β₁ᵗ)`
 * and `v̂ = v / (1 − β₂ᵗ)`.
 *
 * Computed as `m / (√v · s + e)` with `s = (1 − β₁ᵗ) / √(1 − β₂ᵗ)` and `e = ε (1 − β₁ᵗ)`: the same
 * number with two operations a tensor fewer. Both are fed.
 */
export function scaleByAdam(options: AdamOptions = {}): GradientTransform {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const decayed = (old: Tensor, value: Tensor, beta: number) =>
    add(multiply(old, beta), multiply(value, 1 - beta));
  return {
    init(parameters): AdamState<HostTensor> {
      const zeros = () =>
        mapTree<HostTensor, HostTensor>(parameters, ({ shape }) => hostTensor(shape));
      return { firstMoment: zeros(), secondMoment: zeros() };
    },
    scalars(step) {
      const correction1 = 1 - beta1 ** step;
      const correction2 = 1 - beta2 ** step;
      return {
        adamDenominatorScale: correction1 / Math.sqrt(correction2),
        adamDenominatorEpsilon: epsilon * correction1,
      };
    },
    update(gradients, state: AdamState<Tensor>, scalars: Scalars<Tensor>): TransformResult {
      const { adamDenominatorScale: scale, adamDenominatorEpsilon: floor } = scalars;
      const firstMoment = zipTrees<Tensor, Tensor>(state.firstMoment, gradients, (m, g) =>
        decayed(m, g, beta1),
      );
      const secondMoment = zipTrees<Tensor, Tensor>(state.secondMoment, gradients, (v, g) =>
        decayed(v, square(g), beta2),
      );
      const updates = zipTrees<Tensor, Tensor>(firstMoment, secondMoment, (m, v) =>
        divide(m, add(multiply(sqrt(v), scale), floor)),
      );
      return { updates, state: { firstMoment, secondMoment } };
    },
  };
}
