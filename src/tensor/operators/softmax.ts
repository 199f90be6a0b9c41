import { apply, normalizeAxes, type Operator, type Tensor } from '../tensor.ts';
import { exp, multiply, subtract } from './elementwise.ts';
import { sum } from './reduce.ts';

type AxisAttributes = { readonly axis: number };

const softmaxOperator: Operator<AxisAttributes> = {
  name: 'softmax',
  infer: ([x]) => [x],
  gradient: ({ outputs: [y], attributes: { axis }, outputGradient: g }) => {
    const weighted = multiply(g, y);
    return [subtract(weighted, multiply(y, sum(weighted, { axes: [axis], keepDimensions: true })))];
  },
  emit: (builder, inputs, node) =>
    builder.add('Softmax', inputs, { axis: (node.attributes as AxisAttributes).axis }),
};

const logSoftmaxOperator: Operator<AxisAttributes> = {
  name: 'logSoftmax',
  infer: ([x]) => [x],
  gradient: ({ outputs: [y], attributes: { axis }, outputGradient: g }) => [
    subtract(g, multiply(exp(y), sum(g, { axes: [axis], keepDimensions: true }))),
  ],
  emit: (builder, inputs, node) =>
    builder.add('LogSoftmax', inputs, { axis: (node.attributes as AxisAttributes).axis }),
};

/** eˣ / Σ eˣ over an axis. */
export function softmax(x: Tensor, axis: number): Tensor {
  return apply(softmaxOperator, [x], { axis: normalizeAxes('softmax', x, [axis])[0] });
}

/** x − log Σ eˣ over an axis. */
export function logSoftmax(x: Tensor, axis: number): Tensor {
  return apply(logSoftmaxOperator, [x], { axis: normalizeAxes('logSoftmax', x, [axis])[0] });
}
