import { conv2d } from '../../tensor/operators/convolution.ts';
import { add, clamp } from '../../tensor/operators/elementwise.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type ConvolutionWeights, convolve, normalizePixels } from './layers.ts';

/** The blocks in their order: whether they halve height and width. */
const halving = [false, true, false, true, false, false, true, false, false, false, false];

/** Blocks up to `block_10`; the package kept them at their ImageNet values. */
export const mobileNetBlocks = halving.length;

/**
 * An inverted residual: expansion, one filter a channel, projection (Sandler et al. 2018, figure
 * 3).
 */
export type InvertedResidualWeights<Leaf> = {
  /** 1×1; the first block has none. */
  readonly expand?: ConvolutionWeights<Leaf>;
  /** `[channels, 1, 3, 3]` and `[channels]` */
  readonly depthwise: ConvolutionWeights<Leaf>;
  /** 1×1 */
  readonly project: ConvolutionWeights<Leaf>;
};

/** Weights of MobileNetV2 up to `block_10`, normalisation folded in. */
export type MobileNetTrunkWeights<Leaf> = {
  readonly stem: ConvolutionWeights<Leaf>;
  readonly blocks: readonly InvertedResidualWeights<Leaf>[];
};

const relu6 = (x: Tensor) => clamp(x, 0, 6);

/** Keras puts the zeros at the bottom and right where a convolution halves height and width. */
const halve = { stride: 2, padding: [0, 0, 1, 1] } as const;
const keep = { stride: 1, padding: 1 } as const;

function invertedResidual(
  x: Tensor,
  { expand, depthwise, project }: InvertedResidualWeights<Tensor>,
  halves: boolean,
): Tensor {
  const wide = expand === undefined ? x : relu6(convolve(x, expand));
  const filtered = conv2d(wide, depthwise.weight, {
    ...(halves ? halve : keep),
    groups: wide.shape[1],
    bias: depthwise.bias,
  });
  const narrow = convolve(relu6(filtered), project);
  return !halves && narrow.shape[1] === x.shape[1] ? add(x, narrow) : narrow;
}

/**
 * Outputs of blocks of MobileNetV2 (Sandler et al. 2018, arXiv 1801.04381, table 2), in the order
 * of `taps`, numbers of blocks from 0: images `[batch, 3, height, width]` (RGB, −1 … 1, any size of
 * at least 16) → `[batch, 16, height / 2, width / 2]`, rounded down, for block 0, 24 maps of a
 * quarter for 1 and 2, 32 of an eighth for 3 to 5, 64 of a sixteenth for 6 to 9, 96 for 10.
 * Differentiable.
 *
 * The weights are those of nsfwjs, which kept these blocks at their ImageNet values, stores them in
 * 8 bits, and feeds pixels from 0 to 1.
 */
export function mobileNetFeatureMaps(
  { stem, blocks }: MobileNetTrunkWeights<Tensor>,
  images: Tensor,
  taps: readonly number[],
): Tensor[] {
  const pixels = normalizePixels(images, [0, 0, 0]);
  let x = relu6(conv2d(pixels, stem.weight, { ...halve, bias: stem.bias }));
  const outputs = blocks.slice(0, Math.max(...taps) + 1).map((block, i) => {
    x = invertedResidual(x, block, halving[i]);
    return x;
  });
  return taps.map((tap) => outputs[tap]);
}
