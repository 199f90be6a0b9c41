import { type Shape, sameShape, type Tensor } from '../tensor.ts';
import { sum } from './reduce.ts';
import { reshape } from './reshape.ts';

/**
 * Sums over the axes along which `shape` was broadcast to the tensor's: the adjoint of
 * broadcasting.
 */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((size, axis) =>
    axis < lead || (shape[axis - lead] === 1 && size !== 1) ? [axis] : [],
  );
  const summed = axes.length > 0 ? sum(x, { axes, keepDimensions: true }) : x;
  return lead > 0 ? reshape(summed, shape) : summed;
}
