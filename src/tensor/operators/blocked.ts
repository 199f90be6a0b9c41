import type { OnnxAttributes } from '../onnx-builder.ts';
import { apply, type Operator, type Shape, type Tensor } from '../tensor.ts';
import { type ConvolutionGeometry, convolutionOperator } from './convolution.ts';
import { reshape, transpose } from './reshape.ts';

/**
 * Operators of ONNX Runtime's CPU back end on blocked channels: a tensor
 * `[batch, channels, height, width]` that lies in memory as
 * `[batch, channels / block, height, width, block]`, so that a vector register holds one position
 * of `block` channels. Its convolutions run at nearly twice the speed of the plain ones. Only the
 * compiler's layout pass makes these, after gradients are built.
 */
const domain = 'com.microsoft.nchwc';

const blockOperator: Operator = {
  name: 'block',
  infer: ([x]) => [x],
  emit: (builder, inputs) => builder.add('ReorderInput', inputs, {}, { domain }),
};

export const unblockOperator: Operator = {
  name: 'unblock',
  infer: ([x]) => [x],
  emit: (builder, inputs, node) => {
    const channels = node.inputs[0].shape[1];
    return builder.add('ReorderOutput', inputs, { channels }, { domain });
  },
};

/** From plain to blocked channels; their number is a multiple of the block. */
export function block(x: Tensor): Tensor {
  return apply(blockOperator, [x], {});
}

/** From blocked to plain channels. */
export function unblock(x: Tensor): Tensor {
  return apply(unblockOperator, [x], {});
}

type BlockedConvolution = ConvolutionGeometry & { readonly activation: '' | 'Relu' };

export const blockedConvolutionOperator: Operator<BlockedConvolution> = {
  name: 'blockedConv2d',
  infer: (inputs, { activation: _, ...geometry }) => convolutionOperator.infer(inputs, geometry),
  emit: (builder, inputs, node) => {
    const { strides, padding, dilations, groups, activation } =
      node.attributes as BlockedConvolution;
    const attributes: OnnxAttributes = {
      strides,
      pads: padding,
      dilations,
      group: groups,
      kernel_shape: node.inputs[1].shape.slice(2),
      ...(activation !== '' && { activation }),
    };
    return builder.add('Conv', inputs, attributes, { domain });
  },
};

export interface BlockedConvolutionOptions extends ConvolutionGeometry {
  readonly bias?: Tensor | undefined;
  readonly activation?: '' | 'Relu';
}

/** A convolution from blocked (or fewer than `block` plain) channels to blocked ones. */
export function blockedConvolution(
  x: Tensor,
  blockedWeights: Tensor,
  { bias, activation = '', ...geometry }: BlockedConvolutionOptions,
): Tensor {
  const inputs = bias === undefined ? [x, blockedWeights] : [x, blockedWeights, bias];
  return apply(blockedConvolutionOperator, inputs, { ...geometry, activation });
}

/**
 * Weights `[filters, channels, height, width]` in the order that the blocked convolution reads: by
 * blocks of filters, blocks of channels (or single channels where they are fewer than a block),
 * height, width, channel, filter. The shape stays.
 */
export function blockWeights(w: Tensor, size: number): Tensor {
  const [filters, channels, height, width] = w.shape;
  const shape: Shape = w.shape;
  if (channels < size) {
    const parts = reshape(w, [filters / size, size, channels, height, width]);
    return reshape(transpose(parts, [0, 2, 3, 4, 1]), shape);
  }
  const parts = reshape(w, [filters / size, size, channels / size, size, height, width]);
  return reshape(transpose(parts, [0, 2, 4, 5, 3, 1]), shape);
}
