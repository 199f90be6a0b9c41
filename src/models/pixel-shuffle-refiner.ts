import { split } from '../base/random.ts';
import * as conv2d from '../nn/conv2d.ts';
import { constantInitializer, heNormal } from '../nn/initializers.ts';
import type { PaddingMode } from '../nn/padding.ts';
import * as residualBlock from '../nn/residual-block.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { add, multiply, relu, subtract } from '../tensor/operators/elementwise.ts';
import { pixelShuffle, pixelUnshuffle } from '../tensor/operators/pixel-shuffle.ts';
import { averagePool2d } from '../tensor/operators/pooling.ts';
import { resizeBilinear, resizeNearest } from '../tensor/operators/resize.ts';
import { slice } from '../tensor/operators/slice.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ImageNetworkOptions, Refiner } from './network.ts';

export type PixelShuffleRefinerParameters<Leaf> = {
  readonly stem: conv2d.Conv2dParameters<Leaf>;
  readonly down: conv2d.Conv2dParameters<Leaf>;
  readonly blocks: readonly residualBlock.ResidualBlockParameters<Leaf>[];
  readonly up: conv2d.Conv2dParameters<Leaf>;
  readonly merge: conv2d.Conv2dParameters<Leaf>;
  readonly output: conv2d.Conv2dParameters<Leaf>;
};

/** What a refiner can do to single pixels, see `PixelShuffleRefinerOptions`. */
export const changeKinds = ['sharp', 'smooth', 'detail'] as const;
export type ChangeKind = (typeof changeKinds)[number];

export interface PixelShuffleRefinerOptions extends ImageNetworkOptions {
  /** Pixels along each side that become channels: 2, or 4 for large images. Default 2. */
  readonly factor?: number;
  /**
   * Feature maps at 1 / factor of the size; twice as many in the trunk, at half of that. A multiple
   * of 16, so that the CPU's blocked convolutions fit. Default 32.
   */
  readonly features?: number;
  /** Residual blocks in the trunk. Default 4. */
  readonly blocks?: number;
  /** Default `zero`, which is faster; `reflect` tells no filter where the border is. */
  readonly paddingMode?: PaddingMode;
  /**
   * `sharp`: the change of each pixel is its own; `smooth`: it is interpolated bilinearly from the
   * reduced size, so that no grain can be painted; `detail`: smooth, and the detail that the render
   * has becomes stronger or weaker by a smooth gain. Default `sharp`.
   */
  readonly change?: ChangeKind;
}

export type PixelShuffleRefiner = Refiner<
  PixelShuffleRefinerParameters<HostTensor>,
  PixelShuffleRefinerParameters<Tensor>
>;

/**
 * `R(x) = x + f(x)` with *f* at reduced size: squares of factor × factor pixels become channels, a
 * stem, a trunk of residual blocks at half of that size, back up by nearest neighbours with the
 * stem added (a 1×1 convolution fits the channels before, where it is cheap), and sub-pixel
 * rearrangement to the image (Shi et al. 2016, arXiv 1609.05158, section 3). Predicting the change
 * alone is He et al. 2015 (arXiv 1512.03385, section 3.1) over the whole network; as the last layer
 * starts at 0, a fresh refiner is exactly the identity, so pre-training and a first phase of
 * destroyed colours fall away. All detail of the image stays in `x`, which is why *f* may be
 * coarse. Nothing normalises: a change here never depends on what is far away.
 *
 * A discriminator with strides hardly sees what alternates from pixel to pixel, and measures of
 * realism see little else: with a `smooth` change the detail of the render stays as it is, and
 * shading, colour and contrast move. With `detail` it is `R(x) = x + b + g (x − Bx)`, where *B*
 * averages 2×2 pixels and interpolates them: edges become stronger or softer where they are, and
 * cannot move.
 *
 * 332,204 parameters for three channels. With factor 2 a pixel's change depends on a square of 82
 * pixels, 16 fewer for each block less. A field as wide as the image sees its borders, unless it is
 * padded by reflection: then the refiner knows where it is and may paint what photographs have
 * there.
 */
export function pixelShuffleRefiner(options: PixelShuffleRefinerOptions): PixelShuffleRefiner {
  const { channels, factor = 2, features = 32, blocks = 4, paddingMode = 'zero' } = options;
  const { change: kind = 'sharp' } = options;
  const folded = channels * factor ** 2;
  const predicted = { sharp: folded, smooth: channels, detail: 2 * channels }[kind];
  const wide = 2 * features;
  const layer = (from: number, to: number) => ({
    channels: from,
    filters: to,
    kernel: 3,
    initializer: heNormal,
  });
  return {
    multipleOf: 2 * factor,
    init: (key) => ({
      stem: conv2d.init(split(key, 'stem'), layer(folded, features)),
      down: conv2d.init(split(key, 'down'), layer(features, wide)),
      blocks: Array.from({ length: blocks }, (_, i) =>
        residualBlock.init(split(key, 'block', i), { channels: wide, kernel: 3 }),
      ),
      up: conv2d.init(split(key, 'up'), { ...layer(wide, features), kernel: 1 }),
      merge: conv2d.init(split(key, 'merge'), layer(features, features)),
      output: conv2d.init(split(key, 'output'), {
        ...layer(features, predicted),
        initializer: constantInitializer(0),
      }),
    }),
    apply: (parameters, images) => {
      const convolve = (p: conv2d.Conv2dParameters<Tensor>, x: Tensor, stride = 1) =>
        conv2d.apply(p, x, { stride, paddingMode });
      const stem = relu(convolve(parameters.stem, pixelUnshuffle(images, factor)));
      const down = relu(convolve(parameters.down, stem, 2));
      const trunk = parameters.blocks.reduce(
        (x, block) => residualBlock.apply(block, x, { paddingMode }),
        down,
      );
      const up = resizeNearest(convolve(parameters.up, trunk), 2);
      const merged = relu(convolve(parameters.merge, relu(add(up, stem))));
      const change = convolve(parameters.output, merged);
      return add(images, changes[kind](change, images, factor));
    },
  };
}

/** The change of every pixel from what is predicted at the reduced size. */
const changes: Readonly<
  Record<ChangeKind, (predicted: Tensor, images: Tensor, factor: number) => Tensor>
> = {
  sharp: (predicted, _, factor) => pixelShuffle(predicted, factor),
  smooth: (predicted, _, factor) => resizeBilinear(predicted, factor),
  detail: (predicted, images, factor) => {
    const channels = images.shape[1];
    const smooth = resizeBilinear(predicted, factor);
    const detail = subtract(images, resizeBilinear(averagePool2d(images, { kernel: 2 }), 2));
    const gain = slice(smooth, 1, channels, 2 * channels);
    return add(slice(smooth, 1, 0, channels), multiply(gain, detail));
  },
};
