import { type PatchClass, patchClass } from '../models/network.ts';
import { greater, toFloat } from '../tensor/operators/elementwise.ts';
import { mean } from '../tensor/operators/reduce.ts';
import { slice } from '../tensor/operators/slice.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * The share (0 … 1) of the patches of `[batch, 2, rows, columns]` whose larger logit is that of the
 * class they belong to; a tie counts as wrong. 0.5 over both classes is chance. No gradient.
 */
export function discriminatorAccuracy(logits: Tensor, truth: PatchClass): Tensor {
  const logitOf = (name: PatchClass) => slice(logits, 1, patchClass[name], patchClass[name] + 1);
  const other = truth === 'real' ? 'refined' : 'real';
  return mean(toFloat(greater(logitOf(truth), logitOf(other))));
}
