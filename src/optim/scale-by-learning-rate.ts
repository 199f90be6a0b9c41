import { mapTree } from '../base/tree.ts';
import { multiply } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { GradientTransform } from './gradient-transform.ts';

/** `u → −learningRate · u`: downhill. */
export function scaleByLearningRate(): GradientTransform {
  return {
    init: () => ({}),
    scalars: (_step, learningRate) => ({ negativeLearningRate: -learningRate }),
    update: (updates, state, { negativeLearningRate }) => ({
      updates: mapTree<Tensor, Tensor>(updates, (u) => multiply(u, negativeLearningRate)),
      state,
    }),
  };
}
