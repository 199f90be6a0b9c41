import { relu } from '../../tensor/operators/elementwise.ts';
import { maxPool2d } from '../../tensor/operators/pooling.ts';
import { concat } from '../../tensor/operators/slice.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import {
  averageNeighbours,
  type ConvolutionWeights,
  convolve,
  type FrozenConvolutionOptions,
  normalizePixels,
} from './layers.ts';

/** Height and width that the network was trained with, in pixels. */
export const inceptionInputSize = 299;

/** Convolutions up to `mixed5`. */
export const inceptionConvolutions = 50;

/** Convolutions in the order in which Keras makes them (`conv2d_1` … `conv2d_50`). */
export type InceptionTrunkWeights<Leaf> = readonly ConvolutionWeights<Leaf>[];
type Weights = InceptionTrunkWeights<Tensor>;

function unit(
  x: Tensor,
  weights: ConvolutionWeights<Tensor>,
  options?: FrozenConvolutionOptions,
): Tensor {
  return relu(convolve(x, weights, options));
}

function chain(x: Tensor, weights: Weights): Tensor {
  return weights.reduce((y, layer) => unit(y, layer), x);
}

const halve = { stride: 2, padding: 'valid' } as const;

function stem(x: Tensor, weights: Weights): Tensor {
  const valid = { padding: 'valid' } as const;
  const first = unit(unit(x, weights[0], halve), weights[1], valid);
  const pooled = maxPool2d(unit(first, weights[2]), { kernel: 3, stride: 2 });
  const second = unit(unit(pooled, weights[3], valid), weights[4], valid);
  return maxPool2d(second, { kernel: 3, stride: 2 });
}

/** Branches of one, `lengths[0]`, `lengths[1]` convolutions and one after a mean (figures 5, 6). */
function mixed(x: Tensor, weights: Weights, lengths: readonly [number, number]): Tensor {
  const [second, third] = [1 + lengths[0], 1 + lengths[0] + lengths[1]];
  return concat(
    [
      unit(x, weights[0]),
      chain(x, weights.slice(1, second)),
      chain(x, weights.slice(second, third)),
      unit(averageNeighbours(x), weights[third]),
    ],
    1,
  );
}

function reduction(x: Tensor, weights: Weights): Tensor {
  const long = unit(chain(x, weights.slice(1, 3)), weights[3], halve);
  return concat([unit(x, weights[0], halve), long, maxPool2d(x, { kernel: 3, stride: 2 })], 1);
}

/**
 * Inception v3 up to `mixed5` (Szegedy et al. 2016, arXiv 1512.00567): images
 * `[batch, 3, 299, 299]` (RGB, −1 … 1) → `[batch, 768, 17, 17]`.
 *
 * The weights are those of nsfwjs, which kept this part of the network at its ImageNet values and
 * stores them in 8 bits: distances in this space are not FID.
 */
export function inceptionTrunk(weights: InceptionTrunkWeights<Tensor>, images: Tensor): Tensor {
  let x = stem(normalizePixels(images, [0, 0, 0]), weights.slice(0, 5));
  for (const start of [5, 12, 19]) x = mixed(x, weights.slice(start, start + 7), [2, 3]);
  x = reduction(x, weights.slice(26, 30));
  for (const start of [30, 40]) x = mixed(x, weights.slice(start, start + 10), [3, 5]);
  return x;
}
