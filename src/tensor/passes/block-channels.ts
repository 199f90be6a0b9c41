import { topologicalOrder } from '../graph.ts';
import {
  block,
  blockedConvolution,
  blockedConvolutionOperator,
  blockWeights,
  unblock,
  unblockOperator,
} from '../operators/blocked.ts';
import {
  convolutionOperator,
  convolutionWeightGradientOperator,
} from '../operators/convolution.ts';
import { reluOperator } from '../operators/elementwise.ts';
import { interleavePhasesOperator } from '../operators/pixel-shuffle.ts';
import { sum } from '../operators/reduce.ts';
import { reshape, transpose } from '../operators/reshape.ts';
import { slice, sliceOperator } from '../operators/slice.ts';
import { applyAll, type Node, sameShape, sizeOf, type Tensor } from '../tensor.ts';
import { pick } from './lower-convolution.ts';
import { isNode, type Rule, rewrite } from './rewrite.ts';

/**
 * Moves convolutions, and the elementwise operators between them, to blocked channels. Every result
 * is wrapped in `unblock`, which the next user looks through; what is left of them is what somebody
 * needs in plain order.
 */
export function blockChannels(outputs: readonly Tensor[], size: number): Tensor[] {
  const uses = countUses(outputs);
  return rewrite(outputs, [
    (node, inputs) => blockConvolution(node, inputs, size),
    (node, inputs) => fuseRelu(node, inputs, uses),
    blockElementwise,
    (node, inputs) => blockInterleaving(node, inputs, size),
    (node, inputs) => blockSlice(node, inputs, size),
    (node, inputs) => blockWeightGradient(node, inputs, size),
  ]);
}

function countUses(outputs: readonly Tensor[]): ReadonlyMap<Tensor, number> {
  const uses = new Map<Tensor, number>();
  const count = (tensor: Tensor) => uses.set(tensor, (uses.get(tensor) ?? 0) + 1);
  for (const node of topologicalOrder(outputs)) node.inputs.forEach(count);
  outputs.forEach(count);
  return uses;
}

/** The tensor in blocked channels, where it was computed so. */
function blockedForm(x: Tensor): Tensor | undefined {
  return isNode(x.node, unblockOperator) ? x.node.inputs[0] : undefined;
}

function blockConvolution(node: Node, [x, w, bias]: readonly Tensor[], size: number) {
  if (!isNode(node, convolutionOperator)) return undefined;
  const input = convolutionInput(x, w, node.attributes.groups, size);
  if (input === undefined) return undefined;
  const options = { ...node.attributes, bias };
  return [unblock(blockedConvolution(input, blockWeights(w, size), options))];
}

/** The input in the order that the blocked convolution takes; undefined where it takes none. */
function convolutionInput(x: Tensor, w: Tensor, groups: number, size: number): Tensor | undefined {
  const [filters, channels] = w.shape;
  // One filter a channel: worth it where the channels are in blocks already.
  if (groups === filters && groups === x.shape[1]) return blockedForm(x);
  if (groups !== 1 || filters % size !== 0) return undefined;
  if (channels < size && channels <= 4) return x;
  return channels % size === 0 ? (blockedForm(x) ?? block(x)) : undefined;
}

/** ReLU in the convolution before it, where nothing else uses that. */
function fuseRelu(node: Node, [x]: readonly Tensor[], uses: ReadonlyMap<Tensor, number>) {
  const convolution = node.operator === reluOperator ? blockedForm(x)?.node : undefined;
  if (convolution === undefined || !isNode(convolution, blockedConvolutionOperator)) {
    return undefined;
  }
  if (uses.get(node.inputs[0]) !== 1 || convolution.attributes.activation !== '') return undefined;
  const [input, weights, bias] = convolution.inputs;
  const options = { ...convolution.attributes, bias, activation: 'Relu' } as const;
  return [unblock(blockedConvolution(input, weights, options))];
}

/** Elementwise operators whose inputs all have blocked channels, or one element. */
const blockElementwise: Rule = (node, inputs) => {
  const [output] = node.outputs;
  if (node.operator.elementwise !== true || output.dtype !== 'float32') return undefined;
  const blocked = inputs.map((input) => {
    if (input.dtype === 'float32' && sizeOf(input.shape) === 1) return input;
    return sameShape(input.shape, output.shape) ? blockedForm(input) : undefined;
  });
  const fits = blocked.every((input) => input !== undefined);
  if (!fits || blocked.every((input) => sizeOf(input!.shape) === 1)) return undefined;
  return applyAll(node.operator, blocked as Tensor[], node.attributes).map(unblock);
};

/** The tensor as it lies in memory, `[batch, channels / size, height, width, size]`. */
function memoryForm(blocked: Tensor, size: number): Tensor {
  const [batch, channels, height, width] = blocked.shape;
  return reshape(blocked, [batch, channels / size, height, width, size]);
}

/** Phases side by side: whole blocks of channels move. */
function blockInterleaving(node: Node, [x]: readonly Tensor[], size: number) {
  const blocked = isNode(node, interleavePhasesOperator) ? blockedForm(x) : undefined;
  if (blocked === undefined) return undefined;
  const { factor } = node.attributes as { readonly factor: number };
  const { shape } = node.outputs[0];
  const [batch, channels, rows, columns] = shape;
  if (channels % size !== 0) return undefined;
  const blocks = channels / size;
  const [height, width] = [rows / factor, columns / factor];
  const phases = reshape(blocked, [batch, factor, factor, blocks, height, width, size]);
  return [unblock(reshape(transpose(phases, [0, 3, 4, 1, 5, 2, 6]), shape))];
}

/** A slice of rows or columns. */
function blockSlice(node: Node, [x]: readonly Tensor[], size: number) {
  const blocked = isNode(node, sliceOperator) ? blockedForm(x) : undefined;
  if (blocked === undefined || !isNode(node, sliceOperator)) return undefined;
  const { axis, start, end } = node.attributes;
  if (axis < 2) return undefined;
  return [
    unblock(reshape(slice(memoryForm(blocked, size), axis, start, end), node.outputs[0].shape)),
  ];
}

/**
 * The gradient with respect to the weights as a blocked convolution, one group an image: its
 * filters are the output gradient, whose blocked memory `[filters / b, rows, columns / b, b, b]` is
 * at once that of filters with *b* input channels (columns modulo *b*) and a kernel of all rows by
 * `columns / b`; its input is x ordered by row, width tap, channel and column. The kernel slides
 * over the rows, which gives the height taps. That is the same sum of products as the general
 * lowering, without copies for the height taps, and at the speed of the blocked convolution.
 */
function blockWeightGradient(node: Node, [x, g]: readonly Tensor[], size: number) {
  if (!isNode(node, convolutionWeightGradientOperator)) return undefined;
  const { strides, dilations, groups, padding, weightShape } = node.attributes;
  const [filters, channels, height, width] = weightShape;
  const [batch, , rows, columns] = g.shape;
  const plainSteps = [...strides, ...dilations, groups].every((n) => n === 1);
  if (!plainSteps || filters % size !== 0 || columns % size !== 0) return undefined;
  const [top, left, bottom, right] = padding;
  const byRow = transpose(x, [0, 2, 1, 3]);
  const shifted = pick(byRow, [1, width], {
    strides,
    dilations,
    padding: [0, left, 0, right],
    groups: x.shape[2],
  });
  const blocks = columns / size;
  const input = reshape(shifted, [1, batch * size, x.shape[2], width * channels * blocks]);
  const kernel = reshape(blockedForm(g) ?? block(g), [batch * filters, size, rows, blocks]);
  const products = blockedConvolution(input, kernel, {
    strides: [1, blocks],
    dilations,
    padding: [top, 0, bottom, 0],
    groups: batch,
  });
  const byImage = reshape(products, [batch, filters / size, height, width, channels, size]);
  const gradient = transpose(sum(byImage, { axes: [0] }), [0, 4, 3, 1, 2]);
  return [reshape(gradient, weightShape)];
}
