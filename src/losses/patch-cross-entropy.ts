import { type PatchClass, patchClass } from '../models/network.ts';
import { negate } from '../tensor/operators/elementwise.ts';
import { slice } from '../tensor/operators/slice.ts';
import { logSoftmax } from '../tensor/operators/softmax.ts';
import { ShapeError, type Tensor } from '../tensor/tensor.ts';
import { type Reduction, reducePositions } from './reduction.ts';

/**
 * The cross entropy of every patch against one class, `−Σ log softmax(logits)[class]`, the softmax
 * over the channels of each patch of `[batch, 2, rows, columns]`.
 *
 * @throws {ShapeError} where the logits have another form.
 */
export function patchCrossEntropy(
  logits: Tensor,
  target: PatchClass,
  reduction: Reduction,
): Tensor {
  if (logits.shape.length !== 4 || logits.shape[1] !== 2) {
    throw new ShapeError('patchCrossEntropy', [logits], 'logits [batch, 2, rows, columns]');
  }
  const channel = patchClass[target];
  // The axis stays where it is: a reshape to [patches, 2] without a permutation mixes the patches.
  const logProbability = slice(logSoftmax(logits, 1), 1, channel, channel + 1);
  return negate(reducePositions(logProbability, reduction));
}
