import {
  apply,
  broadcastShape,
  formatShape,
  type Operator,
  type Shape,
  ShapeError,
  sameShape,
  sizeOf,
  type Tensor,
} from '../tensor.ts';
import { sumTo } from './sum-to.ts';

type ShapeAttributes = { readonly shape: Shape };

export const reshapeOperator: Operator<ShapeAttributes> = {
  name: 'reshape',
  infer: ([input], { shape }) => {
    const whole = shape.every((size) => Number.isInteger(size) && size >= 0);
    if (!whole || sizeOf(input.shape) !== sizeOf(shape)) {
      throw new ShapeError('reshape', [input], `as many elements as ${formatShape(shape)} has`);
    }
    return [{ shape, dtype: input.dtype }];
  },
  gradient: ({ inputs: [x], outputGradient }) => [reshape(outputGradient, x.shape)],
  emit: (builder, [x], node) => {
    const { shape } = node.attributes as ShapeAttributes;
    const { shape: from } = node.inputs[0];
    // Leading sizes that stay are written as 0, which copies them: the batch may be symbolic.
    const changed = shape.findIndex((size, axis) => size !== from[axis] || size === 0);
    const kept = changed < 0 ? shape.length : changed;
    const sizes = shape.map((size, axis) => (axis < kept ? 0 : size));
    return builder.add('Reshape', [x, builder.integerVector(sizes)]);
  },
};

/** The same elements in the same order under another shape, where −1 once stands for the rest. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const rest = sizeOf(x.shape) / -sizeOf(shape);
  const whole = shape.includes(-1) ? shape.map((size) => (size === -1 ? rest : size)) : shape;
  return sameShape(x.shape, whole) ? x : apply(reshapeOperator, [x], { shape: whole });
}

export const broadcastOperator: Operator<ShapeAttributes> = {
  name: 'broadcastTo',
  infer: ([input], { shape }) => {
    const result = broadcastShape('broadcastTo', [input, { shape, dtype: input.dtype }]);
    if (!sameShape(result, shape)) {
      throw new ShapeError(
        'broadcastTo',
        [input],
        `a shape that broadcasts to ${formatShape(shape)}`,
      );
    }
    return [{ shape, dtype: input.dtype }];
  },
  gradient: ({ inputs: [x], outputGradient }) => [sumTo(outputGradient, x.shape)],
  emit: (builder, [x], node) => {
    const { shape } = node.attributes as ShapeAttributes;
    return builder.add('Expand', [x, builder.integerVector(shape)]);
  },
};

/** Repeats the tensor along axes of size 1 up to a shape. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(broadcastOperator, [x], { shape });
}

type TransposeAttributes = { readonly permutation: Shape };

export const transposeOperator: Operator<TransposeAttributes> = {
  name: 'transpose',
  infer: ([input], { permutation }) => {
    const rank = input.shape.length;
    const sorted = [...permutation].sort((a, b) => a - b);
    if (permutation.length !== rank || sorted.some((axis, i) => axis !== i)) {
      const expected = `an input with the axes of ${formatShape(permutation)}, each once`;
      throw new ShapeError('transpose', [input], expected);
    }
    return [{ shape: permutation.map((axis) => input.shape[axis]), dtype: input.dtype }];
  },
  gradient: ({ attributes: { permutation }, outputGradient }) => [
    transpose(
      outputGradient,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    ),
  ],
  emit: (builder, [x], node) => {
    const { permutation } = node.attributes as TransposeAttributes;
    return builder.add('Transpose', [x], { perm: permutation });
  },
};

/** Axis `permutation[i]` of the input becomes axis *i*; by default the last two are swapped. */
export function transpose(x: Tensor, permutation?: Shape): Tensor {
  const rank = x.shape.length;
  if (permutation === undefined && rank < 2) {
    throw new ShapeError('transpose', [x], 'an input with two axes or more');
  }
  const swapLast = x.shape.map((_, axis) =>
    axis < rank - 2 ? axis : rank - 1 - (axis - (rank - 2)),
  );
  return apply(transposeOperator, [x], { permutation: permutation ?? swapLast });
}
