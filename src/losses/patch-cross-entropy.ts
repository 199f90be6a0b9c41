import { type PatchClass, patchClass } from '../models/network.ts';
import { add, multiply, negate } from '../tensor/operators/elementwise.ts';
import { slice } from '../tensor/operators/slice.ts';
import { logSoftmax } from '../tensor/operators/softmax.ts';
import { ShapeError, type Tensor } from '../tensor/tensor.ts';
import { type Reduction, reducePositions } from './reduction.ts';

export interface CrossEntropyOptions {
  /** Probability ε that the target gives to the other class, 0 … ½. Default 0. */
  readonly smoothing?: number;
}

/**
 * The cross entropy of every patch against one class, `−Σ log softmax(logits)[class]`, the softmax
 * over the channels of each patch of `[batch, 2, rows, columns]`. Smoothed by ε the target is 1 − ε
 * for the class and ε for the other, so that the best logits are finite: their difference is
 * `log((1 − ε) / ε)` (Szegedy et al. 2016, arXiv 1512.00567, section 7, whose ε is twice this one).
 *
 * @throws {ShapeError} where the logits have another form.
 */
export function patchCrossEntropy(
  logits: Tensor,
  target: PatchClass,
  reduction: Reduction,
  { smoothing = 0 }: CrossEntropyOptions = {},
): Tensor {
  if (logits.shape.length !== 4 || logits.shape[1] !== 2) {
    throw new ShapeError('patchCrossEntropy', [logits], 'logits [batch, 2, rows, columns]');
  }
  // The axis stays where it is: a reshape to [patches, 2] without a permutation mixes the patches.
  const logProbabilities = logSoftmax(logits, 1);
  const of = (name: PatchClass) =>
    slice(logProbabilities, 1, patchClass[name], patchClass[name] + 1);
  const other = target === 'real' ? 'refined' : 'real';
  const expected =
    smoothing === 0
      ? of(target)
      : add(multiply(of(target), 1 - smoothing), multiply(of(other), smoothing));
  return negate(reducePositions(expected, reduction));
}
