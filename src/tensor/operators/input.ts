import { apply, type Operator, type Shape, type Tensor } from '../tensor.ts';

type InputAttributes = { readonly name: string; readonly shape: Shape };

/** A value that the program is given each time it runs. */
export const inputOperator: Operator<InputAttributes> = {
  name: 'input',
  infer: (_, { shape }) => [{ shape, dtype: 'float32' }],
  emit: (_, __, node) => [(node.attributes as InputAttributes).name],
};

export function tracedInput(name: string, shape: Shape): Tensor {
  return apply(inputOperator, [], { name, shape });
}
