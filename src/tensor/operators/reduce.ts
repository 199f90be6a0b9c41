import { apply, normalizeAxes, type Operator, type Shape, sizeOf, type Tensor } from '../tensor.ts';
import { divide, equal, multiply, toFloat } from './elementwise.ts';
import { broadcastTo, reshape } from './reshape.ts';

type ReduceAttributes = { readonly axes: Shape };

export interface ReduceOptions {
  /** The axes to reduce, from the end where negative; all where left out. */
  readonly axes?: Shape;
  /** Keep reduced axes with size 1. */
  readonly keepDimensions?: boolean;
}

function keptShape(shape: Shape, axes: Shape): Shape {
  return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
}

function reduceOperator(
  name: string,
  emit: Operator<ReduceAttributes>['emit'],
  gradient: Operator<ReduceAttributes>['gradient'],
): Operator<ReduceAttributes> {
  return {
    name,
    infer: ([input], { axes }) => [{ shape: keptShape(input.shape, axes), dtype: 'float32' }],
    ...(gradient && { gradient }),
    emit,
  };
}

const sumOperator = reduceOperator(
  'sum',
  (builder, [x], node) => {
    const { axes } = node.attributes as ReduceAttributes;
    return builder.add('ReduceSum', [x, builder.integerVector(axes)], { keepdims: 1 });
  },
  ({ inputs: [x], outputGradient }) => [broadcastTo(outputGradient, x.shape)],
);

const maxOperator = reduceOperator(
  'max',
  (builder, [x], node) => {
    const { axes } = node.attributes as ReduceAttributes;
    return builder.add('ReduceMax', [x], { keepdims: 1, axes });
  },
  ({ inputs: [x], outputs: [y], attributes: { axes }, outputGradient }) => {
    const mask = toFloat(equal(x, y));
    const shares = divide(mask, sum(mask, { axes, keepDimensions: true }));
    return [multiply(shares, outputGradient)];
  },
);

const meanOperator = reduceOperator(
  'mean',
  (builder, [x], node) => {
    const { axes } = node.attributes as ReduceAttributes;
    return builder.add('ReduceMean', [x], { keepdims: 1, axes });
  },
  ({ inputs: [x], outputs: [y], outputGradient }) => [
    broadcastTo(multiply(outputGradient, sizeOf(y.shape) / sizeOf(x.shape)), x.shape),
  ],
);

function reduce(operator: Operator<ReduceAttributes>, x: Tensor, options: ReduceOptions): Tensor {
  const axes = normalizeAxes(operator.name, x, options.axes ?? x.shape.map((_, axis) => axis));
  if (axes.length === 0) return x;
  const kept = apply(operator, [x], { axes });
  if (options.keepDimensions) return kept;
  return reshape(
    kept,
    x.shape.filter((_, axis) => !axes.includes(axis)),
  );
}

/** Σ x over the axes. */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce(sumOperator, x, options);
}

/** The mean over the axes; its program does not depend on their sizes. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce(meanOperator, x, options);
}

/** The largest value over the axes; where several are largest they share the gradient. */
export function max(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce(maxOperator, x, options);
}
