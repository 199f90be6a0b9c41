import { ShapeError, sameShape, type Tensor } from '../tensor/tensor.ts';

/**
 * Checks that two tensors are images (or feature maps) of one shape.
 *
 * @throws {ShapeError} where they are not.
 */
export function requireImagePair(loss: string, first: Tensor, second: Tensor): void {
  if (first.shape.length !== 4 || !sameShape(first.shape, second.shape)) {
    const expected = 'two equal shapes [batch, channels, height, width]';
    throw new ShapeError(loss, [first, second], expected);
  }
}
