import { mapTree, type Tree } from '../base/tree.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { add, multiply } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { GradientTransform } from './gradient-transform.ts';
import { zipTrees } from './zip-trees.ts';

/** The velocity, in the form of the parameters. */
export type MomentumState<Leaf> = { readonly velocity: Tree<Leaf> };

/**
 * `b ← momentum · b + g`, `u = b` (Sutskever et al. 2013, “On the importance of initialization and
 * momentum in deep learning”, with the learning rate outside the velocity, as in PyTorch).
 */
export function accumulateMomentum(momentum: number): GradientTransform {
  return {
    init: (parameters): MomentumState<HostTensor> => ({
      velocity: mapTree<HostTensor, HostTensor>(parameters, ({ shape }) => hostTensor(shape)),
    }),
    scalars: () => ({}),
    update(gradients, state: MomentumState<Tensor>) {
      const velocity = zipTrees<Tensor, Tensor>(state.velocity, gradients, (b, g) =>
        add(multiply(b, momentum), g),
      );
      return { updates: velocity, state: { velocity } };
    },
  };
}
