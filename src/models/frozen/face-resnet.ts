import { add, relu } from '../../tensor/operators/elementwise.ts';
import { matmul } from '../../tensor/operators/matmul.ts';
import { averagePool2d, maxPool2d } from '../../tensor/operators/pooling.ts';
import { mean } from '../../tensor/operators/reduce.ts';
import { pad } from '../../tensor/operators/slice.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type ConvolutionWeights, convolve, normalizePixels } from './layers.ts';

/** The residual units in their order; those with `down` halve height and width. */
export const faceResNetUnits = [
  'conv32_1',
  'conv32_2',
  'conv32_3',
  'conv64_down',
  'conv64_1',
  'conv64_2',
  'conv64_3',
  'conv128_down',
  'conv128_1',
  'conv128_2',
  'conv256_down',
  'conv256_1',
  'conv256_2',
  'conv256_down_out',
] as const;
export type FaceResNetUnit = (typeof faceResNetUnits)[number];

/** Units whose feature maps serve as a space for losses: 32, 64, 128 and 256 channels. */
export const faceResNetTaps = ['conv32_3', 'conv64_3', 'conv128_2', 'conv256_2'] as const;
export type FaceResNetTap = (typeof faceResNetTaps)[number];

/** Weights of dlib's face recognition ResNet, 29 convolutions (King 2017; public domain). */
export type FaceResNetWeights<Leaf> = {
  readonly stem: ConvolutionWeights<Leaf>;
  readonly units: Readonly<Record<FaceResNetUnit, readonly ConvolutionWeights<Leaf>[]>>;
  /** `[256, 128]` */
  readonly embedding: Leaf;
};

/** Height and width that the network was trained with, in pixels. */
export const faceResNetInputSize = 150;

const meanRgb = [122.782, 117.001, 104.298] as const;

function residual(x: Tensor, [first, second]: readonly ConvolutionWeights<Tensor>[]): Tensor {
  return relu(add(convolve(relu(convolve(x, first)), second), x));
}

function residualDown(x: Tensor, [first, second]: readonly ConvolutionWeights<Tensor>[]): Tensor {
  const inner = relu(convolve(x, first, { stride: 2, padding: 'valid' }));
  const main = convolve(inner, second);
  const shortcut = averagePool2d(x, { kernel: 2 });
  const shape = main.shape.map((size, axis) => Math.max(size, shortcut.shape[axis]));
  // As dlib does: whatever is smaller is filled up with zeros at the end of the axis.
  const filled = [main, shortcut].map((tensor) =>
    pad(
      tensor,
      [0, 0, 0, 0],
      shape.map((size, axis) => size - tensor.shape[axis]),
    ),
  );
  return relu(add(filled[0], filled[1]));
}

/** The output of the stem and of every unit up to `last`, by name. */
function unitOutputs(
  { stem, units }: FaceResNetWeights<Tensor>,
  images: Tensor,
  last: FaceResNetUnit,
): Map<FaceResNetUnit, Tensor> {
  const input = normalizePixels(images, meanRgb);
  const start = relu(convolve(input, stem, { stride: 2, padding: 'valid' }));
  let x = maxPool2d(start, { kernel: 3, stride: 2 });
  const outputs = new Map<FaceResNetUnit, Tensor>();
  for (const name of faceResNetUnits.slice(0, faceResNetUnits.indexOf(last) + 1)) {
    x = name.includes('down') ? residualDown(x, units[name]) : residual(x, units[name]);
    outputs.set(name, x);
  }
  return outputs;
}

/**
 * The identity of a face: images `[batch, 3, height, width]` (RGB, −1 … 1, an aligned face, trained
 * with 150 × 150 pixels) → `[batch, 128]`. Faces of one person are less than about 0.6 apart
 * (Euclidean). Differentiable.
 *
 * @throws {ShapeError} where the images are smaller than 117 pixels.
 */
export function faceEmbedding(weights: FaceResNetWeights<Tensor>, images: Tensor): Tensor {
  const last = unitOutputs(weights, images, 'conv256_down_out').get('conv256_down_out')!;
  return matmul(mean(last, { axes: [2, 3] }), weights.embedding);
}

/**
 * Feature maps of the face ResNet in the order of `taps`, for images `[batch, 3, height, width]`
 * (RGB, −1 … 1) of any size that leaves room: 150 pixels give 35, 17, 8 and 4 rows and columns for
 * the four taps. Differentiable.
 */
export function faceFeatureMaps(
  weights: FaceResNetWeights<Tensor>,
  images: Tensor,
  taps: readonly FaceResNetTap[],
): Tensor[] {
  const deepest = faceResNetTaps.findLast((name) => taps.includes(name));
  if (deepest === undefined) return [];
  const outputs = unitOutputs(weights, images, deepest);
  return taps.map((name) => outputs.get(name)!);
}
