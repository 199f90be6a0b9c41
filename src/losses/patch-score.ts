import { patchClass } from '../models/network.ts';
import { subtract } from '../tensor/operators/elementwise.ts';
import { slice } from '../tensor/operators/slice.ts';
import { ShapeError, type Tensor } from '../tensor/tensor.ts';

/**
 * The score of every patch, `logit(real) − logit(refined)`: `[batch, 2, rows, columns]` →
 * `[batch, 1, rows, columns]`. It is the single output of the discriminators in the literature,
 * positive for *real*: its sigmoid is the softmax of the two logits.
 *
 * @throws {ShapeError} where the logits have another form.
 */
export function patchScore(logits: Tensor): Tensor {
  if (logits.shape.length !== 4 || logits.shape[1] !== 2) {
    throw new ShapeError('patchScore', [logits], 'logits [batch, 2, rows, columns]');
  }
  const { real, refined } = patchClass;
  return subtract(slice(logits, 1, real, real + 1), slice(logits, 1, refined, refined + 1));
}
