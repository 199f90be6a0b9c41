import { constant } from '../operators/constant.ts';
import {
  type ConvolutionGeometry,
  convolution,
  convolutionInputGradientOperator,
  convolutionWeightGradientOperator,
} from '../operators/convolution.ts';
import { matmul } from '../operators/matmul.ts';
import { interleavePhases } from '../operators/pixel-shuffle.ts';
import { sum } from '../operators/reduce.ts';
import { reshape, transpose } from '../operators/reshape.ts';
import { concat, flip, pad, slice } from '../operators/slice.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { isNode, type Rule } from './rewrite.ts';

/**
 * The gradient of a convolution with respect to its input, as a convolution: with stride 1 the
 * kernel is turned by 180° and its channel axes are swapped; with a larger stride every phase of
 * the input has a kernel of its own, and all of them are one convolution to stride² times the
 * channels (Shi et al. 2016, arXiv 1609.07009). ONNX Runtime's `Conv` does the work in half the
 * time of its `ConvTranspose` or less, which is left for dilations, unequal strides and groups.
 * Where every channel has one filter of its own, that holds with stride 1 alone: with stride 2 the
 * phases of so little work cost more than they save, 1.3 to twice the time for 96 channels of
 * 64×64.
 */
export const lowerInputGradient: Rule = (node, [g, w]) => {
  if (!isNode(node, convolutionInputGradientOperator)) return undefined;
  const { strides, dilations, groups } = node.attributes;
  const isDepthwise = groups === w.shape[0] && w.shape[1] === 1;
  if (strides[0] !== strides[1]) return undefined;
  if (strides[0] === 1) {
    return groups === 1 || isDepthwise ? turnedConvolution(g, w, node.attributes) : undefined;
  }
  if (groups !== 1) return undefined;
  return dilations.every((n) => n === 1) ? phaseConvolution(g, w, node.attributes) : undefined;
};

type InputGradientAttributes = ConvolutionGeometry & { readonly inputShape: Shape };

function turnedConvolution(g: Tensor, w: Tensor, attributes: InputGradientAttributes) {
  const { strides, padding, dilations, groups, inputShape } = attributes;
  const [height, width] = [2, 3].map((axis) => dilations[axis - 2] * (w.shape[axis] - 1));
  const [top, left] = [height - padding[0], width - padding[1]];
  // What the forward pass cut off at the bottom and right gets zeros.
  const bottom = inputShape[2] + height - g.shape[2] - top;
  const right = inputShape[3] + width - g.shape[3] - left;
  if ([top, left, bottom, right].some((n) => n < 0)) return undefined;
  const flipped = flip(w, [2, 3]);
  const turned = groups === 1 ? transpose(flipped, [1, 0, 2, 3]) : flipped;
  const geometry = { strides, padding: [top, left, bottom, right], dilations, groups };
  return [convolution(g, turned, geometry)];
}

/**
 * Element p of the padded input, p = stride · u + r, gets Σⱼ g[u − j] · w[r + stride · j]: a
 * convolution of g for each phase r. Depth to space puts the phases side by side, a slice takes the
 * padding off.
 */
function phaseConvolution(g: Tensor, w: Tensor, attributes: InputGradientAttributes) {
  const { padding, inputShape } = attributes;
  const [stride] = attributes.strides;
  const [filters, channels, ...kernel] = w.shape;
  const taps = kernel.map((size) => Math.ceil(size / stride));
  const whole = taps.map((count, i) => count * stride - kernel[i]);
  const even = pad(w, [0, 0, 0, 0], [0, 0, ...whole]);
  const split = reshape(even, [filters, channels, taps[0], stride, taps[1], stride]);
  const phases = transpose(flip(split, [2, 4]), [3, 5, 1, 0, 2, 4]);
  const weights = reshape(phases, [channels * stride ** 2, filters, ...taps]);
  // Positions u that cover the input with the padding before it; those after g's end are zeros.
  const positions = [0, 1].map((i) => Math.ceil((inputShape[i + 2] + padding[i]) / stride));
  const before = taps.map((count) => count - 1);
  const after = positions.map((count, i) => count - g.shape[i + 2]);
  if (after.some((count) => count < 0)) return undefined;
  const byPhase = convolution(g, weights, {
    strides: [1, 1],
    padding: [...before, ...after],
    dilations: [1, 1],
    groups: 1,
  });
  const padded = interleavePhases(byPhase, stride);
  const rows = slice(padded, 2, padding[0], padding[0] + inputShape[2]);
  return [slice(rows, 3, padding[1], padding[1] + inputShape[3])];
}

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
  const byGradient = 2 * filters <= channels ? shiftedGradient(x, g, attributes) : undefined;
  if (byGradient !== undefined) return byGradient;
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
 * Where filters are few (the logits of a discriminator, the colours of a refiner) it is the output
 * gradient that is shifted, not the input: `Σ x[u] · g[u − tap]` over the positions *u* of the
 * input. Undefined where that would need negative padding, or steps.
 */
function shiftedGradient(
  x: Tensor,
  g: Tensor,
  { strides, padding, dilations, weightShape }: WeightGradientAttributes,
): Tensor | undefined {
  const [filters, channels, ...kernel] = weightShape;
  const reach = kernel.map((size) => size - 1);
  const before = [0, 1].map((axis) => reach[axis] - padding[axis]);
  const after = [0, 1].map((axis) => x.shape[axis + 2] + padding[axis] - g.shape[axis + 2]);
  const fits = [...before, ...after].every((n) => n >= 0);
  if (!fits || [...strides, ...dilations].some((n) => n !== 1)) return undefined;
  const shifted = pick(g, kernel, {
    strides,
    dilations,
    padding: [...before, ...after],
    groups: filters,
  });
  const [batch, , height, width] = x.shape;
  const taps = reshape(shifted, [batch, -1, height * width]);
  const inputs = transpose(reshape(x, [batch, channels, height * width]));
  const products = sum(matmul(taps, inputs), { axes: [0] });
  // The first tap sees the gradient that is furthest behind.
  const turned = flip(reshape(products, [filters, ...kernel, channels]), [1, 2]);
  return transpose(turned, [0, 3, 1, 2]);
}

/**
 * For each row of taps the input under its taps at every output position,
 * `[batch, channels · width, rows · columns]`. The width taps are a convolution with one-hot
 * kernels; the rows of one height tap then lie behind each other in memory, so that a height tap is
 * one long copy.
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
