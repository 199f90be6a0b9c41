import { split } from '../base/random.ts';
import * as conv2d from '../nn/conv2d.ts';
import { constantInitializer, heNormal } from '../nn/initializers.ts';
import * as residualBlock from '../nn/residual-block.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { add, multiply, relu } from '../tensor/operators/elementwise.ts';
import { pixelUnshuffle } from '../tensor/operators/pixel-shuffle.ts';
import { averagePool2d } from '../tensor/operators/pooling.ts';
import { mean } from '../tensor/operators/reduce.ts';
import { resizeBilinear } from '../tensor/operators/resize.ts';
import { slice } from '../tensor/operators/slice.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ImageNetworkOptions, Refiner } from './network.ts';

export type ColourGridRefinerParameters<Leaf> = {
  readonly stem: conv2d.Conv2dParameters<Leaf>;
  readonly blocks: readonly residualBlock.ResidualBlockParameters<Leaf>[];
  readonly global: conv2d.Conv2dParameters<Leaf>;
  readonly output: conv2d.Conv2dParameters<Leaf>;
};

export interface ColourGridRefinerOptions extends ImageNetworkOptions {
  /**
   * The network sees the image averaged over squares of this many pixels: size / 64 keeps its cost
   * that of 64 pixels. Default 1.
   */
  readonly reduction?: number;
  /**
   * Pixels of the averaged image along the side of a cell, a multiple of 4. Default
   * {@link cellOfGrid}.
   */
  readonly cell?: number;
  /** Feature maps, a multiple of 16. Default 64. */
  readonly features?: number;
  /** Residual blocks. Default 2. */
  readonly blocks?: number;
}

export type ColourGridRefiner = Refiner<
  ColourGridRefinerParameters<HostTensor>,
  ColourGridRefinerParameters<Tensor>
>;

/** Averaged pixels along the side of a cell. */
export const cellOfGrid = 8;

/** Averaged pixels along a side that become the channels of one position of the network. */
const fold = 4;

/**
 * Predicts a coarse grid of affine colour transforms, `R(x)_c = x_c + Σ_j A_cj x_j + b_c`, whose
 * coefficients are interpolated bilinearly between the centres of the cells: a bilateral grid
 * (Gharbi et al. 2017, arXiv 1707.02880, section 3) without the axis of brightness. Nothing is
 * moved or painted, so landmarks stay by construction; light, shade and the tone of regions change.
 * The coefficients start at 0, so that a fresh refiner is exactly the identity.
 *
 * The network works on the averaged image, so with `reduction` = size / 64 its cost does not depend
 * on the size: only the average, the interpolation of 12 coefficients and the transform touch full
 * size. So one core refines 512 pixels in about 10 ms, 1 of them in the network; 64 pixels take
 * that 1 ms, and SimGAN's refiner 1,450 ms for 512 pixels. The mean of the features over the image
 * is added to each position (the paper's global path), so the light of the whole face counts.
 *
 * 180,364 parameters for three channels.
 */
export function colourGridRefiner(options: ColourGridRefinerOptions): ColourGridRefiner {
  const { channels, reduction = 1, cell = cellOfGrid, features = 64, blocks = 2 } = options;
  const coefficients = channels * (channels + 1);
  return {
    multipleOf: reduction * cell,
    init: (key) => ({
      stem: conv2d.init(split(key, 'stem'), {
        channels: channels * fold ** 2,
        filters: features,
        kernel: 3,
        initializer: heNormal,
      }),
      blocks: Array.from({ length: blocks }, (_, i) =>
        residualBlock.init(split(key, 'block', i), { channels: features, kernel: 3 }),
      ),
      global: conv2d.init(split(key, 'global'), {
        channels: features,
        filters: features,
        kernel: 1,
      }),
      output: conv2d.init(split(key, 'output'), {
        channels: features,
        filters: coefficients,
        kernel: 1,
        initializer: constantInitializer(0),
      }),
    }),
    apply: (parameters, images) => {
      const small = reduction === 1 ? images : averagePool2d(images, { kernel: reduction });
      const stem = relu(conv2d.apply(parameters.stem, pixelUnshuffle(small, fold)));
      const local = parameters.blocks.reduce((x, block) => residualBlock.apply(block, x), stem);
      const whole = mean(local, { axes: [2, 3], keepDimensions: true });
      const features = relu(add(local, conv2d.apply(parameters.global, whole)));
      const cells = averagePool2d(features, { kernel: cell / fold });
      const grid = conv2d.apply(parameters.output, cells);
      return add(images, transformColours(images, grid, reduction * cell));
    },
  };
}

/**
 * `Σ_j A_cj x_j + b_c` with coefficients between the centres of the cells. In the grid all A_c0
 * come first, then all A_c1, …, the b_c last: what belongs together is taken apart while it is
 * small.
 */
function transformColours(images: Tensor, grid: Tensor, factor: number): Tensor {
  const channels = images.shape[1];
  const coefficients = (i: number) =>
    resizeBilinear(slice(grid, 1, i * channels, (i + 1) * channels), factor);
  let change = coefficients(channels);
  for (let j = 0; j < channels; j++) {
    change = add(change, multiply(coefficients(j), slice(images, 1, j, j + 1)));
  }
  return change;
}
