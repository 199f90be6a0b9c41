import { apply, normalizeAxes, type Operator, type Tensor } from '../tensor.ts';

type PositionsAttributes = { readonly axis: number };

const positionsOperator: Operator<PositionsAttributes> = {
  name: 'positions',
  infer: ([input], { axis }) => [
    { shape: input.shape.map((size, i) => (i === axis ? size : 1)), dtype: 'float32' },
  ],
  emit: (builder, [x], node) => {
    const { axis } = node.attributes as PositionsAttributes;
    const { shape } = node.inputs[0];
    const [size] = builder.add('Shape', [x], { start: axis, end: axis + 1 });
    const [ones] = builder.add('Expand', [builder.constant(Float32Array.of(1), [1]), size]);
    const [places] = builder.add('NonZero', [ones]);
    const [numbers] = builder.add('Cast', [places], { to: 1 });
    const form = shape.map((_, i) => (i === axis ? -1 : 1));
    return builder.add('Reshape', [numbers, builder.integerVector(form)]);
  },
};

/**
 * 0, 1, 2, … along one axis, with size 1 along the others: where each element of `x` is. The
 * program does not depend on the size. No gradient flows through it.
 */
export function positions(x: Tensor, axis: number): Tensor {
  const [normal] = normalizeAxes('positions', x, [axis]);
  return apply(positionsOperator, [x], { axis: normal });
}
