import { apply, type Operator, ShapeError, type Tensor } from '../tensor.ts';

type BlockAttributes = { readonly factor: number };

const shuffleOperator: Operator<BlockAttributes> = {
  name: 'pixelShuffle',
  infer: ([x], { factor }) => {
    const [batch, channels, height, width] = x.shape;
    if (x.shape.length !== 4 || channels % (factor * factor) !== 0) {
      throw new ShapeError('pixelShuffle', [x], `channels divisible by ${factor * factor}`);
    }
    const shape = [batch, channels / factor ** 2, height * factor, width * factor];
    return [{ shape, dtype: 'float32' }];
  },
  gradient: ({ attributes: { factor }, outputGradient }) => [
    pixelUnshuffle(outputGradient, factor),
  ],
  emit: (builder, inputs, node) => {
    const { factor } = node.attributes as BlockAttributes;
    return builder.add('DepthToSpace', inputs, { blocksize: factor, mode: 'CRD' });
  },
};

const unshuffleOperator: Operator<BlockAttributes> = {
  name: 'pixelUnshuffle',
  infer: ([x], { factor }) => {
    const [batch, channels, height, width] = x.shape;
    if (x.shape.length !== 4 || height % factor !== 0 || width % factor !== 0) {
      throw new ShapeError('pixelUnshuffle', [x], `height and width divisible by ${factor}`);
    }
    const shape = [batch, channels * factor ** 2, height / factor, width / factor];
    return [{ shape, dtype: 'float32' }];
  },
  gradient: ({ attributes: { factor }, outputGradient }) => [pixelShuffle(outputGradient, factor)],
  emit: (builder, inputs, node) => {
    const { factor } = node.attributes as BlockAttributes;
    const channels = node.inputs[0].shape[1];
    const [blocks] = builder.add('SpaceToDepth', inputs, { blocksize: factor });
    if (channels === 1) return [blocks];
    // ONNX puts the block position before the channel, the paper the channel first.
    const order = Array.from({ length: channels * factor ** 2 }, (_, i) => {
      return (i % factor ** 2) * channels + Math.floor(i / factor ** 2);
    });
    return builder.add('Gather', [blocks, builder.integerVector(order)], { axis: 1 });
  },
};

export const interleavePhasesOperator: Operator<BlockAttributes> = {
  name: 'interleavePhases',
  infer: (inputs, attributes) => shuffleOperator.infer(inputs, attributes),
  emit: (builder, inputs, node) => {
    const { factor } = node.attributes as BlockAttributes;
    return builder.add('DepthToSpace', inputs, { blocksize: factor, mode: 'DCR' });
  },
};

/**
 * As {@link pixelShuffle}, but with the channel innermost, `[batch, f·f·c, h, w]`: the order in
 * which whole blocks of channels move. Only the compiler uses it, after gradients are built.
 */
export function interleavePhases(x: Tensor, factor: number): Tensor {
  return apply(interleavePhasesOperator, [x], { factor });
}

/**
 * `[batch, c·f², h, w]` → `[batch, c, h·f, w·f]`: sub-pixel rearrangement (Shi et al. 2016, arXiv
 * 1609.05158, equation 4), the channel outermost as in PyTorch.
 */
export function pixelShuffle(x: Tensor, factor: number): Tensor {
  return apply(shuffleOperator, [x], { factor });
}

/** `[batch, c, h·f, w·f]` → `[batch, c·f², h, w]`, the inverse of {@link pixelShuffle}. */
export function pixelUnshuffle(x: Tensor, factor: number): Tensor {
  return apply(unshuffleOperator, [x], { factor });
}
