import {
  apply,
  applyAll,
  type Operator,
  type Shape,
  ShapeError,
  sizeOf,
  type Tensor,
  type TensorType,
} from '../tensor.ts';
import { fill } from './constant.ts';
import { convolutionInputGradient } from './convolution.ts';
import { reshape } from './reshape.ts';

export type PoolAttributes = {
  readonly kernel: Shape;
  readonly strides: Shape;
  readonly padding: Shape;
};

function pooledShape(name: string, x: TensorType, attributes: PoolAttributes): Shape {
  const { kernel, strides, padding } = attributes;
  const sizes = [0, 1].map(
    (i) => Math.floor((x.shape[i + 2] + padding[i] + padding[i + 2] - kernel[i]) / strides[i]) + 1,
  );
  // A window that lies in the padding alone has no largest value.
  const covers = padding.every((count, side) => count < kernel[side % 2]);
  if (x.shape.length !== 4 || sizes.some((size) => size < 1) || !covers) {
    const expected = `[batch, channels, height, width] with room for a window of ${kernel.join('×')} that is larger than the padding`;
    throw new ShapeError(name, [x], expected);
  }
  return [x.shape[0], x.shape[1], ...sizes];
}

function onnxPool(attributes: object) {
  const { kernel, strides, padding } = attributes as PoolAttributes;
  return { kernel_shape: kernel, strides, pads: padding };
}

/** Gives the largest value of each window, and where it lies, which the gradient needs. */
export const maxPoolOperator: Operator<PoolAttributes> = {
  name: 'maxPool2d',
  infer: ([x], attributes) => {
    const shape = pooledShape('maxPool2d', x, attributes);
    return [
      { shape, dtype: 'float32' },
      { shape, dtype: 'int64' },
    ];
  },
  gradient: ({ inputs: [x], outputs: [, indices], outputGradient }) => [
    scatterAdd(outputGradient, indices, x.shape),
  ],
  emit: (builder, inputs, node) =>
    builder.add('MaxPool', inputs, onnxPool(node.attributes), { outputs: 2 }),
};

const largestOfWindowsOperator: Operator<PoolAttributes> = {
  name: 'largestOfWindows',
  infer: ([x], attributes) => [
    { shape: pooledShape('largestOfWindows', x, attributes), dtype: 'float32' },
  ],
  emit: (builder, inputs, node) => builder.add('MaxPool', inputs, onnxPool(node.attributes)),
};

/** The values of a max pool alone; nothing flows back. */
export function largestOfWindows(x: Tensor, attributes: PoolAttributes): Tensor {
  return apply(largestOfWindowsOperator, [x], attributes);
}

type ScatterAttributes = { readonly shape: Shape };

const scatterAddOperator: Operator<ScatterAttributes> = {
  name: 'scatterAdd',
  infer: (_, { shape }) => [{ shape, dtype: 'float32' }],
  gradient: ({ inputs: [, indices], outputGradient }) => [
    gatherFlat(outputGradient, indices),
    undefined,
  ],
  emit: (builder, [updates, indices], node) => {
    const { shape } = node.attributes as ScatterAttributes;
    const flat = builder.integerVector([-1]);
    const zero = builder.constant(new Float32Array(1), [1]);
    const [zeros] = builder.add('Expand', [zero, builder.integerVector([sizeOf(shape)])]);
    const [flatIndices] = builder.add('Reshape', [indices, flat]);
    const [flatUpdates] = builder.add('Reshape', [updates, flat]);
    const inputs = [zeros, flatIndices, flatUpdates];
    const [sums] = builder.add('ScatterElements', inputs, { axis: 0, reduction: 'add' });
    return builder.add('Reshape', [sums, builder.integerVector(shape)]);
  },
};

/** Zeros of a shape with each update added at its flat index; updates at one index add up. */
function scatterAdd(updates: Tensor, indices: Tensor, shape: Shape): Tensor {
  return apply(scatterAddOperator, [updates, indices], { shape });
}

const gatherOperator: Operator = {
  name: 'gatherFlat',
  infer: ([, indices]) => [{ shape: indices.shape, dtype: 'float32' }],
  gradient: ({ inputs: [x, indices], outputGradient }) => [
    scatterAdd(outputGradient, indices, x.shape),
    undefined,
  ],
  emit: (builder, [x, indices]) => {
    const [values] = builder.add('Reshape', [x, builder.integerVector([-1])]);
    return builder.add('Gather', [values, indices], { axis: 0 });
  },
};

/** The elements at flat indices, in the shape of the indices. */
function gatherFlat(x: Tensor, indices: Tensor): Tensor {
  return apply(gatherOperator, [x, indices], {});
}

const averagePoolOperator: Operator<PoolAttributes> = {
  name: 'averagePool2d',
  infer: ([x], attributes) => [
    { shape: pooledShape('averagePool2d', x, attributes), dtype: 'float32' },
  ],
  gradient: ({ inputs: [x], attributes, outputGradient: g }) => {
    const { kernel, strides, padding } = attributes;
    const [batch, channels, height, width] = x.shape;
    const share = fill(1 / sizeOf(kernel), [1, 1, ...kernel]);
    const planes = reshape(g, [batch * channels, 1, ...g.shape.slice(2)]);
    const geometry = { strides, padding, dilations: [1, 1], groups: 1 };
    const inputShape = [batch * channels, 1, height, width];
    return [reshape(convolutionInputGradient(planes, share, { ...geometry, inputShape }), x.shape)];
  },
  emit: (builder, inputs, node) =>
    builder.add('AveragePool', inputs, { ...onnxPool(node.attributes), count_include_pad: 1 }),
};

export interface PoolOptions {
  /** Window size. */
  readonly kernel: number;
  /** Step between windows; default: the kernel, windows that do not overlap. */
  readonly stride?: number;
  /** Elements on every side, or at the top, left, bottom and right; default 0. */
  readonly padding?: number | readonly [number, number, number, number];
}

function poolAttributes({ kernel, stride = kernel, padding = 0 }: PoolOptions): PoolAttributes {
  return {
    kernel: [kernel, kernel],
    strides: [stride, stride],
    padding: typeof padding === 'number' ? new Array(4).fill(padding) : padding,
  };
}

/** The largest value of each window; the padding never wins. */
export function maxPool2d(x: Tensor, options: PoolOptions): Tensor {
  return applyAll(maxPoolOperator, [x], poolAttributes(options))[0];
}

/** The mean of each window; padding counts as zeros. */
export function averagePool2d(x: Tensor, options: PoolOptions): Tensor {
  return apply(averagePoolOperator, [x], poolAttributes(options));
}
