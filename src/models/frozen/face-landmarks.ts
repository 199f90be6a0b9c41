import { add, relu } from '../../tensor/operators/elementwise.ts';
import { matmul } from '../../tensor/operators/matmul.ts';
import { mean } from '../../tensor/operators/reduce.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import {
  type ConvolutionWeights,
  convolve,
  normalizePixels,
  type SeparableWeights,
  separableConvolve,
} from './layers.ts';

/**
 * Weights of `face_landmark_68_model` of face-api.js, or of `face_landmark_68_tiny_model`, which
 * has the same form with less in it.
 */
export type FaceLandmarkWeights<Leaf> = {
  readonly stem: ConvolutionWeights<Leaf>;
  /** The three separable convolutions that follow the stem; tiny: two. */
  readonly first: readonly SeparableWeights<Leaf>[];
  /**
   * Three blocks of four separable convolutions, 64, 128 and 256 filters; tiny: two of three, 64
   * and 128.
   */
  readonly blocks: readonly (readonly SeparableWeights<Leaf>[])[];
  readonly output: {
    /** `[256, 136]`; tiny: `[128, 136]`. */
    readonly weight: Leaf;
    /** `[136]` */
    readonly bias: Leaf;
  };
};

/** Landmarks of a face in the iBUG order (Sagonas et al. 2013, 300-W). */
export const landmarkCount = 68;

/** Height and width of the network's input in pixels. */
export const landmarkInputSize = 112;

const meanRgb = [122.782, 117.001, 104.298] as const;

/** Adds the outputs of three convolutions to their common input, each fed by the sum so far. */
function denseBlock(x: Tensor, convolutions: readonly SeparableWeights<Tensor>[]): Tensor {
  const entry = relu(x);
  let total = entry;
  for (const weights of convolutions) total = add(total, separableConvolve(relu(total), weights));
  return relu(total);
}

/**
 * The 68 landmarks of a face in the iBUG order: images `[batch, 3, 112, 112]` (RGB, −1 … 1, the
 * detector's box padded to a square with black) → `[batch, 136]`, x and y in turn as fractions of
 * the square.
 */
export function faceLandmarkNetwork(
  { stem, first, blocks, output }: FaceLandmarkWeights<Tensor>,
  images: Tensor,
): Tensor {
  let x = denseBlock(convolve(normalizePixels(images, meanRgb), stem, { stride: 2 }), first);
  for (const [entry, ...rest] of blocks) {
    x = denseBlock(separableConvolve(x, entry, { stride: 2 }), rest);
  }
  return add(matmul(mean(x, { axes: [2, 3] }), output.weight), output.bias);
}
