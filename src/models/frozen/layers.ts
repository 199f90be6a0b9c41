import { mapTree, type Tree } from '../../base/tree.ts';
import type { HostTensor } from '../../tensor/host-tensor.ts';
import { constant } from '../../tensor/operators/constant.ts';
import { conv2d } from '../../tensor/operators/convolution.ts';
import { add, multiply } from '../../tensor/operators/elementwise.ts';
import { averagePool2d } from '../../tensor/operators/pooling.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** A convolution whose normalisation is folded into it. */
export type ConvolutionWeights<Leaf> = {
  /** `[filters, channels, height, width]` */
  readonly weight: Leaf;
  /** `[filters]` */
  readonly bias: Leaf;
};

/** One filter a channel, then a 1×1 convolution (Chollet 2017, arXiv 1610.02357). */
export type SeparableWeights<Leaf> = {
  /** `[channels, 1, height, width]` */
  readonly depthwise: Leaf;
  /** `[filters, channels, 1, 1]` */
  readonly pointwise: Leaf;
  /** `[filters]` */
  readonly bias: Leaf;
};

export interface FrozenConvolutionOptions {
  /** Default 1. */
  readonly stride?: number;
  /**
   * `same` is TensorFlow's: an output of `ceil(input / stride)`, the odd zero after; the default.
   */
  readonly padding?: 'same' | 'valid';
}

/** Weights as constants of the traced program, so that its convolutions run in blocked layout. */
export function constantWeights<Weights>(weights: Tree<HostTensor>): Weights {
  return mapTree<HostTensor, Tensor>(weights, ({ data, shape }) =>
    constant(data, shape),
  ) as unknown as Weights;
}

function samePadding(x: Tensor, weight: Tensor, stride: number): [number, number, number, number] {
  const [before, after] = [0, 1].map((end) =>
    [2, 3].map((axis) => {
      const steps = Math.ceil(x.shape[axis] / stride) - 1;
      const total = Math.max(steps * stride + weight.shape[axis] - x.shape[axis], 0);
      return end === 0 ? Math.floor(total / 2) : Math.ceil(total / 2);
    }),
  );
  return [before[0], before[1], after[0], after[1]];
}

/** `[batch, channels, height, width]` → `[batch, filters, height′, width′]`. */
export function convolve(
  x: Tensor,
  { weight, bias }: ConvolutionWeights<Tensor>,
  { stride = 1, padding = 'same' }: FrozenConvolutionOptions = {},
): Tensor {
  const sides = padding === 'same' ? samePadding(x, weight, stride) : 0;
  return conv2d(x, weight, { stride, padding: sides, bias });
}

/** `[batch, channels, height, width]` → `[batch, filters, height′, width′]`. */
export function separableConvolve(
  x: Tensor,
  { depthwise, pointwise, bias }: SeparableWeights<Tensor>,
  { stride = 1 }: Pick<FrozenConvolutionOptions, 'stride'> = {},
): Tensor {
  const padding = samePadding(x, depthwise, stride);
  const filtered = conv2d(x, depthwise, { stride, padding, groups: x.shape[1] });
  return conv2d(filtered, pointwise, { bias });
}

/** Images in −1 … 1 as `(pixel − mean) / 255` with `pixel` in 0 … 255, the mean one a channel. */
export function normalizePixels(images: Tensor, mean: readonly [number, number, number]): Tensor {
  const offsets = mean.map((value) => 0.5 - value / 255);
  return add(multiply(images, 0.5), constant(offsets, [3, 1, 1]));
}

/** The mean of each 3×3 window around a pixel; pixels outside the image do not count. */
export function averageNeighbours(x: Tensor): Tensor {
  const [height, width] = x.shape.slice(2);
  const inside = (i: number, size: number) => 3 - Number(i === 0) - Number(i === size - 1);
  const correction = Float32Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    return 9 / (inside(row, height) * inside(column, width));
  });
  const pooled = averagePool2d(x, { kernel: 3, stride: 1, padding: 1 });
  return multiply(pooled, constant(correction, [1, 1, height, width]));
}
