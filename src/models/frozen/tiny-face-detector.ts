import { leakyRelu } from '../../tensor/operators/elementwise.ts';
import { maxPool2d } from '../../tensor/operators/pooling.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import {
  type ConvolutionWeights,
  convolve,
  normalizePixels,
  type SeparableWeights,
  separableConvolve,
} from './layers.ts';

/** Weights of the tiny face detector of face-api.js, a small YOLO v2 (arXiv 1612.08242). */
export type TinyFaceDetectorWeights<Leaf> = {
  readonly stem: ConvolutionWeights<Leaf>;
  /** Five blocks, 32 … 512 filters. */
  readonly blocks: readonly SeparableWeights<Leaf>[];
  readonly head: ConvolutionWeights<Leaf>;
};

/** Pixels of the image a cell of the output stands for, along height and width. */
export const detectorCellSize = 32;

/** Width and height of the five box shapes, in cells. */
export const detectorAnchors: readonly (readonly [width: number, height: number])[] = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
];

/** Of the leaky rectifier, below zero. */
const slope = 0.1;

const meanRgb = [117.001, 114.697, 97.404] as const;

/** The largest of each 2×2 window, with an output of `ceil(input / stride)`. */
function poolPairs(x: Tensor, stride: 1 | 2): Tensor {
  const [bottom, right] = x.shape.slice(2).map((size) => (stride === 1 ? 1 : size % 2));
  return maxPool2d(x, { kernel: 2, stride, padding: [0, 0, bottom, right] });
}

/**
 * Raw predictions, five a cell: images `[batch, 3, size, size]` (RGB, −1 … 1, size divisible by 32,
 * black where a photograph that is not square ends) → `[batch, 25, size / 32, size / 32]`; channel
 * `5 a + k` belongs to anchor *a* with *k* = x, y, width, height, score before their activations.
 */
export function tinyFaceDetector(
  { stem, blocks, head }: TinyFaceDetectorWeights<Tensor>,
  images: Tensor,
): Tensor {
  const input = normalizePixels(images, meanRgb);
  let x = poolPairs(leakyRelu(convolve(input, stem, { padding: 'valid' }), slope), 2);
  for (const [i, block] of blocks.entries()) {
    x = leakyRelu(separableConvolve(x, block), slope);
    x = poolPairs(x, i < blocks.length - 1 ? 2 : 1);
  }
  return convolve(x, head, { padding: 'valid' });
}
