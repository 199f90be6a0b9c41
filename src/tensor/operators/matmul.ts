import {
  apply,
  broadcastShape,
  type Operator,
  type Shape,
  ShapeError,
  type Tensor,
  type TensorType,
} from '../tensor.ts';
import { transpose } from './reshape.ts';
import { sumTo } from './sum-to.ts';

const matmulOperator: Operator = {
  name: 'matmul',
  infer: (inputs) => {
    const [a, b] = inputs;
    const [rows, inner] = a.shape.slice(-2);
    const [innerB, columns] = b.shape.slice(-2);
    const batches = batchShape(inputs);
    if (a.shape.length < 2 || b.shape.length < 2 || inner !== innerB || batches === undefined) {
      throw new ShapeError('matmul', inputs, 'shapes […, m, k] and […, k, n]');
    }
    return [{ shape: [...batches, rows, columns], dtype: 'float32' }];
  },
  gradient: ({ inputs: [a, b], outputGradient: g, needs }) => [
    needs(0) ? sumTo(matmul(g, transpose(b)), a.shape) : undefined,
    needs(1) ? sumTo(matmul(transpose(a), g), b.shape) : undefined,
  ],
  emit: (builder, inputs) => builder.add('MatMul', inputs),
};

/** What the leading axes broadcast to, or undefined where they do not. */
function batchShape(inputs: readonly TensorType[]): Shape | undefined {
  const batches = inputs.map(({ shape, dtype }) => ({ shape: shape.slice(0, -2), dtype }));
  try {
    return broadcastShape('matmul', batches);
  } catch {
    // The caller's error names the whole shapes.
    return undefined;
  }
}

/** The matrix product over the last two axes, `[…, m, k] · […, k, n]`; leading axes broadcast. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  return apply(matmulOperator, [a, b], {});
}
