import { apply, type Operator, type Shape, ShapeError, sameShape, type Tensor } from '../tensor.ts';
import { add } from './elementwise.ts';
import { sum } from './reduce.ts';
import { reshape } from './reshape.ts';

/**
 * The three bilinear maps of a convolution: the output from input and weights, the gradient with
 * respect to the input, and the gradient with respect to the weights. Each one's gradients are the
 * other two, so that derivatives of any order are built from these three.
 */
export type ConvolutionGeometry = {
  /** Steps between output elements along height and width. */
  readonly strides: Shape;
  /** Zeros at the top, left, bottom and right. */
  readonly padding: Shape;
  readonly dilations: Shape;
  readonly groups: number;
};
type InputGradientAttributes = ConvolutionGeometry & { readonly inputShape: Shape };
type WeightGradientAttributes = ConvolutionGeometry & { readonly weightShape: Shape };

function outputSizes(input: Shape, weight: Shape, geometry: ConvolutionGeometry): Shape {
  const { strides, padding, dilations } = geometry;
  return [0, 1].map((i) => {
    const extent = dilations[i] * (weight[i + 2] - 1) + 1;
    return Math.floor((input[i + 2] + padding[i] + padding[i + 2] - extent) / strides[i]) + 1;
  });
}

export const convolutionOperator: Operator<ConvolutionGeometry> = {
  name: 'conv2d',
  infer: (inputs, geometry) => {
    const [x, w, bias] = inputs;
    const fits =
      x.shape.length === 4 &&
      w.shape.length === 4 &&
      x.shape[1] === w.shape[1] * geometry.groups &&
      w.shape[0] % geometry.groups === 0 &&
      (bias === undefined || sameShape(bias.shape, [w.shape[0]]));
    const sizes = fits ? outputSizes(x.shape, w.shape, geometry) : [0, 0];
    if (sizes.some((size) => size < 1)) {
      const expected = `[batch, channels, height, width] and [filters, channels / ${geometry.groups}, height, width] with room for a filter`;
      throw new ShapeError('conv2d', inputs, expected);
    }
    return [{ shape: [x.shape[0], w.shape[0], ...sizes], dtype: 'float32' }];
  },
  gradient: ({ inputs: [x, w], attributes, outputGradient: g, needs }) => [
    needs(0) ? convolutionInputGradient(g, w, { ...attributes, inputShape: x.shape }) : undefined,
    needs(1) ? convolutionWeightGradient(x, g, { ...attributes, weightShape: w.shape }) : undefined,
    needs(2) ? sum(sum(g, { axes: [2, 3] }), { axes: [0] }) : undefined,
  ],
  emit: (builder, inputs, node) => builder.add('Conv', inputs, onnxGeometry(node.attributes)),
};

export const convolutionInputGradientOperator: Operator<InputGradientAttributes> = {
  name: 'conv2dInputGradient',
  infer: (_, { inputShape }) => [{ shape: inputShape, dtype: 'float32' }],
  gradient: ({ inputs: [g, w], attributes, outputGradient: u, needs }) => {
    const { inputShape: _, ...geometry } = attributes;
    return [
      needs(0) ? convolution(u, w, geometry) : undefined,
      needs(1) ? convolutionWeightGradient(u, g, { ...geometry, weightShape: w.shape }) : undefined,
    ];
  },
  emit: (builder, inputs, node) => {
    const attributes = node.attributes as InputGradientAttributes;
    const [g, w] = node.inputs;
    const { strides, padding, dilations, inputShape } = attributes;
    const outputPadding = [0, 1].map((i) => {
      const extent = dilations[i] * (w.shape[i + 2] - 1) + 1;
      const whole = (g.shape[i + 2] - 1) * strides[i] + extent - padding[i] - padding[i + 2];
      return inputShape[i + 2] - whole;
    });
    const padded = { ...onnxGeometry(attributes), output_padding: outputPadding };
    return builder.add('ConvTranspose', inputs, padded);
  },
};

export const convolutionWeightGradientOperator: Operator<WeightGradientAttributes> = {
  name: 'conv2dWeightGradient',
  infer: (_, { weightShape }) => [{ shape: weightShape, dtype: 'float32' }],
  gradient: ({ inputs: [x, g], attributes, outputGradient: v, needs }) => {
    const { weightShape: _, ...geometry } = attributes;
    return [
      needs(0) ? convolutionInputGradient(g, v, { ...geometry, inputShape: x.shape }) : undefined,
      needs(1) ? convolution(x, v, geometry) : undefined,
    ];
  },
  emit: () => {
    throw new Error('conv2dWeightGradient has no ONNX operator: lower it first.');
  },
};

function onnxGeometry(attributes: object) {
  const { strides, padding, dilations, groups } = attributes as ConvolutionGeometry;
  return { strides, pads: padding, dilations, group: groups };
}

/** Output of a convolution; the bias `[filters]` is added to every element of its channel. */
export function convolution(
  x: Tensor,
  w: Tensor,
  geometry: ConvolutionGeometry,
  bias?: Tensor,
): Tensor {
  return apply(convolutionOperator, bias === undefined ? [x, w] : [x, w, bias], geometry);
}

/** The adjoint of {@link convolution} with respect to its input. */
export function convolutionInputGradient(
  g: Tensor,
  w: Tensor,
  attributes: InputGradientAttributes,
): Tensor {
  return apply(convolutionInputGradientOperator, [g, w], attributes);
}

/** The adjoint of {@link convolution} with respect to its weights. */
export function convolutionWeightGradient(
  x: Tensor,
  g: Tensor,
  attributes: WeightGradientAttributes,
): Tensor {
  return apply(convolutionWeightGradientOperator, [x, g], attributes);
}

export interface Conv2dOptions {
  /** One number for height and width, or both; default 1. */
  readonly stride?: number | readonly [number, number];
  /** Zeros on every side, or at the top, left, bottom and right; default 0. */
  readonly padding?: number | readonly [number, number, number, number];
  readonly dilation?: number | readonly [number, number];
  /** Groups of channels that do not see each other; default 1. */
  readonly groups?: number;
  /** `[filters]`, added to every output element of its channel. */
  readonly bias?: Tensor;
}

function geometryOf(options: Conv2dOptions): ConvolutionGeometry {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  const pair = (value: number | Shape): Shape =>
    typeof value === 'number' ? [value, value] : value;
  const sides = typeof padding === 'number' ? new Array(4).fill(padding) : padding;
  return { strides: pair(stride), padding: sides, dilations: pair(dilation), groups };
}

function addBias(y: Tensor, bias: Tensor | undefined): Tensor {
  return bias === undefined ? y : add(y, reshape(bias, [bias.shape[0], 1, 1]));
}

/**
 * Cross-correlation of `[batch, channels, height, width]` with
 * `[filters, channels / groups, height, width]`.
 *
 * @throws {ShapeError} where channels differ or the filter does not fit into the padded input.
 */
export function conv2d(x: Tensor, weight: Tensor, options: Conv2dOptions = {}): Tensor {
  return convolution(x, weight, geometryOf(options), options.bias);
}

export interface ConvTranspose2dOptions extends Conv2dOptions {
  /** Rows and columns added at the bottom and right of the output; default 0. */
  readonly outputPadding?: number;
}

/**
 * The transposed convolution, the adjoint of {@link conv2d} with respect to its input, with weights
 * `[channels, filters / groups, height, width]`; output size
 * `(size − 1) · stride − padding + dilation · (filter − 1) + 1 + outputPadding`.
 *
 * @throws {ShapeError} where the channels of input and weights differ or do not fit the groups,
 *   where nothing is left of the output, or where the added rows are not fewer than stride or
 *   dilation.
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  options: ConvTranspose2dOptions = {},
): Tensor {
  const { bias, outputPadding = 0 } = options;
  const geometry = geometryOf(options);
  const { strides, padding, dilations, groups } = geometry;
  const filters = weight.shape[1] * groups;
  const sizes = [0, 1].map((i) => {
    const extent = dilations[i] * (weight.shape[i + 2] - 1) + 1;
    const whole = (x.shape[i + 2] - 1) * strides[i] + extent;
    return whole - padding[i] - padding[i + 2] + outputPadding;
  });
  const fits =
    x.shape.length === 4 &&
    weight.shape.length === 4 &&
    x.shape[1] === weight.shape[0] &&
    x.shape[1] % groups === 0 &&
    (bias === undefined || sameShape(bias.shape, [filters])) &&
    sizes.every((size) => size > 0) &&
    strides.every((stride, i) => outputPadding < Math.max(stride, dilations[i]));
  if (!fits) {
    const inputs = bias === undefined ? [x, weight] : [x, weight, bias];
    const expected = `[batch, channels, height, width] and [channels, filters / ${groups}, height, width] with an output larger than its padding`;
    throw new ShapeError('convTranspose2d', inputs, expected);
  }
  const inputShape = [x.shape[0], filters, ...sizes];
  return addBias(convolutionInputGradient(x, weight, { ...geometry, inputShape }), bias);
}
