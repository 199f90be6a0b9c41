import { constant } from '../operators/constant.ts';
import {
  type ConvolutionGeometry,
  convolution,
  convolutionInputGradientOperator,
  convolutionWeightGradientOperator,
} from '../operators/convolution.ts';
import { matmul } from '../operators/matmul.ts';
import { sum } from '../operators/reduce.ts';
import { reshape, transpose } from '../operators/reshape.ts';
import { concat, flip, slice } from '../operators/slice.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { isNode, type Rule } from './rewrite.ts';

/**
 * The gradient of a convolution with respect to its input, where the stride is 1, is a convolution
 * with the kernel turned by 180° and its channel axes swapped: ONNX Runtime's `Conv` takes half the
 * time of its `ConvTranspose`. Other strides stay `ConvTranspose`.
 */
export const lowerInputGradient: Rule = (node, [g, w]) => {
  if (!isNode(node, convolutionInputGradientOperator)) return undefined;
  const { strides, padding, dilations, groups, inputShape } = node.attributes;
  const [height, width] = [2, 3].map((axis) => dilations[axis - 2] * (w.shape[axis] - 1));
  const [top, left] = [height - padding[0], width - padding[1]];
  // What the forward pass cut off at the bottom and right gets zeros.
  const bottom = inputShape[2] + height - g.shape[2] - top;
  const right = inputShape[3] + width - g.shape[3] - left;
  const fits = [top, left, bottom, right].every((n) => n >= 0);
  if (strides.some((stride) => stride !== 1) || groups !== 1 || !fits) return undefined;
  const turned = transpose(flip(w, [2, 3]), [1, 0, 2, 3]);
  const geometry = { strides, padding: [top, left, bottom, right], dilations, groups };
  return [convolution(g, turned, geometry)];
};

/**
 * The gradient with respect to the weights, Σ over batch and positions of the output gradient times
 * the input element under each tap, as matrix products of shifted inputs by the gradient.
 */
export const lowerWeightGradient: Rule = (node, [x, g]) => {
  if (!isNode(node, convolutionWeightGradientOperator)) return undefined;
  const { groups, weightShape } = node.attributes;
  const [filters] = weightShape;
  if (groups === 1) return [weightGradient(x, g, node.attributes)];
  const perGroup = Array.from({ length: groups }, (_, group) => {
    const part = (tensor: Tensor, size: number) =>
      slice(tensor, 1, group * size, (group + 1) * size);
    return weightGradient(part(x, weightShape[1]), part(g, filters / groups), {
      ...node.attributes,
      groups: 1,
      weightShape: [filters / groups, ...weightShape.slice(1)],
    });
  });
  return [concat(perGroup, 0)];
};

type WeightGradientAttributes = ConvolutionGeometry & { readonly weightShape: Shape };

function weightGradient(x: Tensor, g: Tensor, attributes: WeightGradientAttributes): Tensor {
  const [filters, channels, _height, width] = attributes.weightShape;
  const [batch, , rows, columns] = g.shape;
  const gradient = transpose(reshape(g, [batch, filters, rows * columns]));
  const groupsOfTaps =
    attributes.strides[0] === 1
      ? rowsOfTaps(x, [rows, columns], attributes)
      : [allTaps(x, attributes)];
  const products = groupsOfTaps.map((taps) => {
    const product = sum(matmul(reshape(taps, [batch, -1, rows * columns]), gradient), {
      axes: [0],
    });
    return reshape(product, [channels, -1, width, filters]);
  });
  return transpose(concat(products, 1), [3, 0, 1, 2]);
}

/**
 * For each row of taps the input under its taps at every output position, `[batch, channels · width,
 * rows · columns]`. The width taps are a convolution with one-hot kernels; the rows of one height
 * tap then lie behind each other in memory, so that a height tap is one long copy.
 */
function rowsOfTaps(
  x: Tensor,
  [rows, columns]: Shape,
  { strides, padding, dilations, weightShape }: WeightGradientAttributes,
): Tensor[] {
  const [, channels, height, width] = weightShape;
  const shifted = pick(x, [1, width], {
    strides: [1, strides[1]],
    padding,
    dilations: [1, dilations[1]],
    groups: channels,
  });
  const flat = reshape(shifted, [x.shape[0], channels * width, -1]);
  return Array.from({ length: height }, (_, tap) => {
    const start = tap * dilations[0];
    return slice(flat, 2, start * columns, (start + rows) * columns);
  });
}

/** The input under every tap at every output position, `[batch, channels · height · width, …]`. */
function allTaps(x: Tensor, { weightShape, ...geometry }: WeightGradientAttributes): Tensor {
  const [, channels, height, width] = weightShape;
  return pick(x, [height, width], { ...geometry, groups: channels });
}

/** A convolution that copies: filter *t* of each channel is 1 at tap *t* and 0 elsewhere. */
export function pick(x: Tensor, [height, width]: Shape, geometry: ConvolutionGeometry): Tensor {
  const { groups: channels, padding, strides } = geometry;
  const taps = height * width;
  const copiesAll = taps === 1 && padding.every((n) => n === 0) && strides.every((n) => n === 1);
  if (copiesAll) return x;
  const oneHot = new Float32Array(channels * taps * taps);
  for (let row = 0; row < channels * taps; row++) oneHot[row * taps + (row % taps)] = 1;
  return convolution(x, constant(oneHot, [channels * taps, 1, height, width]), geometry);
}
