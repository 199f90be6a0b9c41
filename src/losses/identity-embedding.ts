import { stopGradient } from '../tensor/operators/constant.ts';
import { add, divide, multiply, sqrt, square, subtract } from '../tensor/operators/elementwise.ts';
import { mean, sum } from '../tensor/operators/reduce.ts';
import { ShapeError, sameShape, type Tensor } from '../tensor/tensor.ts';

/** An embedding `[batch, numbers]` of the person in each image, of any length. */
export type EmbeddingFunction = (images: Tensor) => Tensor;

/**
 * The mean over the batch of `1 − cos(e(R(x)), e(x))` between embeddings of a fixed face network: 0
 * for the same direction, 2 for the opposite one. Keeps who is seen (as the identity loss of
 * Richardson et al. 2021, arXiv 2008.00951, equation 4). Embeddings that are 0 count as orthogonal.
 *
 * @throws {ShapeError} where the embedding is not `[batch, numbers]`.
 */
export function identityEmbeddingLoss(
  original: Tensor,
  refined: Tensor,
  embedding: EmbeddingFunction,
): Tensor {
  // Nothing is learned from the render's side.
  const target = stopGradient(embedding(original));
  const found = embedding(refined);
  if (found.shape.length !== 2 || !sameShape(found.shape, target.shape)) {
    throw new ShapeError('identityEmbeddingLoss', [target, found], 'embeddings [batch, numbers]');
  }
  const dot = (a: Tensor, b: Tensor) => sum(multiply(a, b), { axes: [1] });
  const squaredLengths = multiply(
    sum(square(found), { axes: [1] }),
    sum(square(target), { axes: [1] }),
  );
  return subtract(1, mean(divide(dot(found, target), sqrt(add(squaredLengths, 1e-12)))));
}
