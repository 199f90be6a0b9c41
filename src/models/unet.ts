import { split } from '../base/random.ts';
import * as conv2d from '../nn/conv2d.ts';
import { constantInitializer, heNormal } from '../nn/initializers.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { add, leakyRelu, relu } from '../tensor/operators/elementwise.ts';
import { resizeNearest } from '../tensor/operators/resize.ts';
import { concat } from '../tensor/operators/slice.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ImageNetworkOptions, Refiner } from './network.ts';

export type UnetParameters<Leaf> = {
  readonly stem: conv2d.Conv2dParameters<Leaf>;
  /** From the finest level to the coarsest. */
  readonly down: readonly conv2d.Conv2dParameters<Leaf>[];
  /** From the coarsest level to the finest. */
  readonly up: readonly conv2d.Conv2dParameters<Leaf>[];
  readonly output: conv2d.Conv2dParameters<Leaf>;
};

export interface UnetOptions extends ImageNetworkOptions {
  /** Feature maps at full size; doubled by each level up to 8 times. Default 16. */
  readonly features?: number;
  /** How often the size is halved. Default 4: a 64-pixel image shrinks to 4×4. */
  readonly levels?: number;
}

export type Unet = Refiner<UnetParameters<HostTensor>, UnetParameters<Tensor>>;

/**
 * A U-Net (Ronneberger et al. 2015, arXiv 1505.04597, section 2; in this form Isola et al. 2017,
 * arXiv 1611.07004, appendix 6.1.1): 4×4 convolutions of stride 2 with leaky ReLU on the way down;
 * nearest neighbours, the features of the same size joined on, a 3×3 convolution and ReLU on the
 * way up. No normalisation. The output is added to the image and starts at 0, so that a fresh
 * network is the identity.
 *
 * 875,715 parameters for three channels; with four levels every output sees most of a 64-pixel
 * image.
 */
export function unet({ channels, features = 16, levels = 4 }: UnetOptions): Unet {
  const width = (level: number) => features * Math.min(2 ** level, 8);
  const layer = (from: number, to: number, kernel: number) => ({
    channels: from,
    filters: to,
    kernel,
    initializer: heNormal,
  });
  return {
    multipleOf: 2 ** levels,
    init: (key) => ({
      stem: conv2d.init(split(key, 'stem'), layer(channels, features, 3)),
      down: Array.from({ length: levels }, (_, i) =>
        conv2d.init(split(key, 'down', i), layer(width(i), width(i + 1), 4)),
      ),
      up: Array.from({ length: levels }, (_, i) => {
        const level = levels - 1 - i;
        const joined = width(level + 1) + width(level);
        return conv2d.init(split(key, 'up', level), layer(joined, width(level), 3));
      }),
      output: conv2d.init(split(key, 'output'), {
        ...layer(features, channels, 3),
        initializer: constantInitializer(0),
      }),
    }),
    apply: ({ stem, down, up, output }, images) => {
      const features = [leakyRelu(conv2d.apply(stem, images))];
      for (const layer of down) {
        features.push(leakyRelu(conv2d.apply(layer, features[features.length - 1], { stride: 2 })));
      }
      const coarsest = features[features.length - 1];
      const finest = up.reduce((x, layer, i) => {
        const joined = concat([resizeNearest(x, 2), features[features.length - 2 - i]], 1);
        return relu(conv2d.apply(layer, joined));
      }, coarsest);
      return add(images, conv2d.apply(output, finest));
    },
  };
}
