import { apply, broadcastShape, type Operator, ShapeError, type Tensor } from '../tensor.ts';
import { transpose } from './reshape.ts';
import { sumTo } from './sum-to.ts';

const matmulOperator: Operator = {
  name: 'matmul',
  infer: (inputs) => {
    const [a, b] = inputs;
    const [rows, inner] = a.shape.slice(-2);
    const [innerB, columns] = b.shape.slice(-2);
    if (a.shape.length < 2 || b.shape.length < 2 || inner !== innerB) {
      throw new ShapeError('matmul', inputs, 'shapes […, m, k] and […, k, n]');
    }
    const batches = inputs.map(({ shape, dtype }) => ({ shape: shape.slice(0, -2), dtype }));
    return [{ shape: [...broadcastShape('matmul', batches), rows, columns], dtype: 'float32' }];
  },
  gradient: ({ inputs: [a, b], outputGradient: g, needs }) => [
    needs(0) ? sumTo(matmul(g, transpose(b)), a.shape) : undefined,
    needs(1) ? sumTo(matmul(transpose(a), g), b.shape) : undefined,
  ],
  emit: (builder, inputs) => builder.add('MatMul', inputs),
};

/** The matrix product over the last two axes, `[…, m, k] · […, k, n]`; leading axes broadcast. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  return apply(matmulOperator, [a, b], {});
}
