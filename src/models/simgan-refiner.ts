import { split } from '../base/random.ts';
import * as conv2d from '../nn/conv2d.ts';
import * as residualBlock from '../nn/residual-block.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ImageNetworkOptions, Refiner } from './network.ts';

export type SimganRefinerParameters<Leaf> = {
  readonly stem: conv2d.Conv2dParameters<Leaf>;
  readonly blocks: readonly residualBlock.ResidualBlockParameters<Leaf>[];
  readonly output: conv2d.Conv2dParameters<Leaf>;
};

export interface SimganRefinerOptions extends ImageNetworkOptions {
  /** Height and width of the filters in the stem and the blocks: 3 for eyes, 7 for hands. */
  readonly kernel: number;
  /** Residual blocks: 4 for eyes, 10 for hands. */
  readonly blocks: number;
  /** Feature maps between the layers; 64 in the paper. */
  readonly features?: number;
}

export type SimganRefiner = Refiner<
  SimganRefinerParameters<HostTensor>,
  SimganRefinerParameters<Tensor>
>;

/**
 * SimGAN's refiner (Shrivastava et al. 2017, arXiv 1612.07828, section 3 and appendix):
 * convolution, residual blocks, 1×1 convolution back to the image's channels. Every layer keeps
 * height and width (zeros around). As published there is an activation neither after the first nor
 * after the last convolution: the blocks hold all the ReLUs, the output is linear.
 *
 * Eyes have 296,129 parameters for one channel and 297,411 for three, hands 4,018,625. The paper
 * does not name an initialisation; the weights are Glorot uniform, because without normalisation
 * each block then adds about half its input's variance, where He's would add all of it.
 */
export function simganRefiner(options: SimganRefinerOptions): SimganRefiner {
  const { channels, kernel, blocks, features = 64 } = options;
  return {
    init: (key) => ({
      stem: conv2d.init(split(key, 'stem'), { channels, filters: features, kernel }),
      blocks: Array.from({ length: blocks }, (_, i) =>
        residualBlock.init(split(key, 'block', i), { channels: features, kernel }),
      ),
      output: conv2d.init(split(key, 'output'), {
        channels: features,
        filters: channels,
        kernel: 1,
      }),
    }),
    apply: (parameters, images) => {
      const stem = conv2d.apply(parameters.stem, images);
      const trunk = parameters.blocks.reduce((x, block) => residualBlock.apply(block, x), stem);
      return conv2d.apply(parameters.output, trunk);
    },
  };
}
