import { split } from '../base/random.ts';
import { conv2d, conv2dInstanceNorm, heNormal } from '../nn/index.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { add, relu, tanh } from '../tensor/operators/elementwise.ts';
import { resizeNearest } from '../tensor/operators/resize.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ImageNetworkOptions, Refiner } from './network.ts';

type Unit<Leaf> = conv2dInstanceNorm.Conv2dInstanceNormParameters<Leaf>;

export type ResnetGeneratorParameters<Leaf> = {
  readonly stem: Unit<Leaf>;
  readonly down: readonly Unit<Leaf>[];
  readonly blocks: readonly {
    readonly first: Unit<Leaf>;
    readonly second: Unit<Leaf>;
  }[];
  readonly up: readonly Unit<Leaf>[];
  readonly output: conv2d.Conv2dParameters<Leaf>;
};

export interface ResnetGeneratorOptions extends ImageNetworkOptions {
  /**
   * Feature maps at full size, doubled by each of the two reductions; 64 as published. Default 32.
   */
  readonly features?: number;
  /** Residual blocks: published are 6 for images up to 128 pixels, 9 above. Default 6. */
  readonly blocks?: number;
}

export type ResnetGenerator = Refiner<
  ResnetGeneratorParameters<HostTensor>,
  ResnetGeneratorParameters<Tensor>
>;

/**
 * CycleGAN's generator (Zhu et al. 2017, arXiv 1703.10593, appendix 7.2; Johnson et al. 2016, arXiv
 * 1603.08155): `c7s1-F, d2F, d4F, R4F × blocks, u2F, uF, c7s1-channels` with reflection padding,
 * instance normalisation and ReLU, and tanh at the end, so that values stay in −1 … 1. The blocks
 * have no ReLU after the addition. Going up is nearest neighbours with a 3×3 convolution in place
 * of the published transposed convolution, whose overlaps make checkerboards (Odena et al. 2016,
 * “Deconvolution and checkerboard artifacts”).
 *
 * For three channels: 1,968,771 parameters with 32 features; 7,845,123 with the published 64, 7,424
 * of them scale and shift of the norms, which the published code leaves out.
 */
export function resnetGenerator(options: ResnetGeneratorOptions): ResnetGenerator {
  const { channels, features = 32, blocks = 6 } = options;
  return {
    multipleOf: 4,
    init: (key) => {
      const layer = (name: string, i: number, sizes: readonly [from: number, to: number]) =>
        conv2dInstanceNorm.init(split(key, name, i), {
          channels: sizes[0],
          filters: sizes[1],
          kernel: name === 'stem' ? 7 : 3,
          initializer: heNormal,
        });
      const wide = 4 * features;
      return {
        stem: layer('stem', 0, [channels, features]),
        down: [1, 2].map((factor) =>
          layer('down', factor, [factor * features, 2 * factor * features]),
        ),
        blocks: Array.from({ length: blocks }, (_, i) => ({
          first: layer('first', i, [wide, wide]),
          second: layer('second', i, [wide, wide]),
        })),
        up: [2, 1].map((factor) => layer('up', factor, [2 * factor * features, factor * features])),
        output: conv2d.init(split(key, 'output'), {
          channels: features,
          filters: channels,
          kernel: 7,
        }),
      };
    },
    apply: (parameters, images) => {
      const { stem, down, blocks: residual, up, output } = parameters;
      const run = (layer: Unit<Tensor>, x: Tensor, stride = 1) =>
        conv2dInstanceNorm.apply(layer, x, { stride, paddingMode: 'reflect' });
      let x = relu(run(stem, images));
      for (const layer of down) x = relu(run(layer, x, 2));
      for (const { first, second } of residual) x = add(x, run(second, relu(run(first, x))));
      for (const layer of up) x = relu(run(layer, resizeNearest(x, 2)));
      return tanh(conv2d.apply(output, x, { paddingMode: 'reflect' }));
    },
  };
}
