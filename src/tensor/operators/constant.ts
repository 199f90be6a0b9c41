import { apply, type Operator, type Shape, ShapeError, sizeOf, Tensor } from '../tensor.ts';

export type ConstantAttributes = { readonly data: Float32Array; readonly shape: Shape };

export const constantOperator: Operator<ConstantAttributes> = {
  name: 'constant',
  infer: (_, { shape }) => [{ shape, dtype: 'float32' }],
  emit: (builder, _, node) => {
    const { data, shape } = node.attributes as ConstantAttributes;
    return [builder.constant(data, shape)];
  },
};

/**
 * A tensor whose values are part of the program.
 *
 * @throws {ShapeError} where the number of values is not that of the shape.
 */
export function constant(data: ArrayLike<number>, shape: Shape = [data.length]): Tensor {
  if (data.length !== sizeOf(shape)) {
    throw new ShapeError(
      'constant',
      [{ shape, dtype: 'float32' }],
      `a shape of ${data.length} elements`,
    );
  }
  return apply(constantOperator, [], { data: Float32Array.from(data), shape });
}

/** A tensor filled with one value. */
export function fill(value: number, shape: Shape): Tensor {
  return constant(new Float32Array(sizeOf(shape)).fill(value), shape);
}

/** The tensor itself, or a scalar constant for a number. */
export function toTensor(value: Tensor | number): Tensor {
  return value instanceof Tensor ? value : constant([value], []);
}

/** The values of a tensor that is a constant, else undefined. */
export function constantValues(tensor: Tensor): Float32Array | undefined {
  if (tensor.node.operator.name !== constantOperator.name) return undefined;
  return (tensor.node.attributes as ConstantAttributes).data;
}

/** The value of a tensor that is a constant with one element, else undefined. */
export function scalarValue(tensor: Tensor): number | undefined {
  const values = constantValues(tensor);
  return values?.length === 1 ? values[0] : undefined;
}

export const stopGradientOperator: Operator = {
  name: 'stopGradient',
  infer: (inputs) => [inputs[0]],
  emit: (_, inputs) => inputs,
};

/** The same values as a constant: no gradient flows back through it. */
export function stopGradient(x: Tensor): Tensor {
  return apply(stopGradientOperator, [x], {});
}
