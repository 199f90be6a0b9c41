import { type RandomKey, split } from '../base/random.ts';
import * as conv2d from '../nn/conv2d.ts';
import * as maxPool2d from '../nn/max-pool2d.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { relu } from '../tensor/operators/elementwise.ts';
import { mean } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Discriminator, type ImageNetworkOptions, patchClass } from './network.ts';

/** A layer before the logits: a convolution with ReLU, or a max-pool. */
export type DiscriminatorLayer =
  | {
      readonly kind: 'convolution';
      readonly kernel: number;
      readonly stride: number;
      readonly filters: number;
    }
  | { readonly kind: 'max-pool'; readonly kernel: number; readonly stride: number };

/** Eyes (appendix of the paper): 35×55 pixels give 9×14 patches. */
export const eyeDiscriminatorLayers: readonly DiscriminatorLayer[] = [
  { kind: 'convolution', kernel: 3, stride: 2, filters: 96 },
  { kind: 'convolution', kernel: 3, stride: 2, filters: 64 },
  { kind: 'max-pool', kernel: 3, stride: 1 },
  { kind: 'convolution', kernel: 3, stride: 1, filters: 32 },
  { kind: 'convolution', kernel: 1, stride: 1, filters: 32 },
];

/** Hands (appendix of the paper): a patch every 32 pixels. */
export const handDiscriminatorLayers: readonly DiscriminatorLayer[] = [
  { kind: 'convolution', kernel: 7, stride: 4, filters: 96 },
  { kind: 'convolution', kernel: 5, stride: 2, filters: 64 },
  { kind: 'max-pool', kernel: 3, stride: 2 },
  { kind: 'convolution', kernel: 3, stride: 2, filters: 32 },
  { kind: 'convolution', kernel: 1, stride: 1, filters: 32 },
];

export type SimganDiscriminatorParameters<Leaf> = {
  /** One for each convolution of the layers. */
  readonly trunk: readonly conv2d.Conv2dParameters<Leaf>[];
  readonly logits: conv2d.Conv2dParameters<Leaf>;
};

export interface SimganDiscriminatorOptions extends ImageNetworkOptions {
  readonly layers: readonly DiscriminatorLayer[];
  /** `local`: a decision a patch, as in SimGAN; `global`: one an image. Default `local`. */
  readonly decision?: 'local' | 'global';
}

export type SimganDiscriminator = Discriminator<
  SimganDiscriminatorParameters<HostTensor>,
  SimganDiscriminatorParameters<Tensor>
>;

/**
 * SimGAN's discriminator (Shrivastava et al. 2017, arXiv 1612.07828, section 2.1 and appendix): the
 * layers, each convolution followed by a ReLU, then a 1×1 convolution to two logits a patch without
 * one. Each layer pads so that its output has `ceil(input / stride)`. Logits are
 * `[batch, 2, rows, columns]` for a local decision; for a global one the mean of the patches'
 * logits, `[batch, 2, 1, 1]`, which leaves the parameters as they are: 75,906 (eyes) and 178,050
 * (hands) for one channel.
 */
export function simganDiscriminator(options: SimganDiscriminatorOptions): SimganDiscriminator {
  const { channels, layers, decision = 'local' } = options;
  return {
    init: (key) => initParameters(key, channels, layers),
    apply: (parameters, images) => {
      const features = applyTrunk(parameters.trunk, images, layers);
      const logits = conv2d.apply(parameters.logits, features);
      return decision === 'local' ? logits : mean(logits, { axes: [2, 3], keepDimensions: true });
    },
  };
}

function initParameters(
  key: RandomKey,
  channels: number,
  layers: readonly DiscriminatorLayer[],
): SimganDiscriminatorParameters<HostTensor> {
  const trunk: conv2d.Conv2dParameters<HostTensor>[] = [];
  let previous = channels;
  for (const layer of layers) {
    if (layer.kind === 'max-pool') continue;
    const { kernel, filters } = layer;
    const layerKey = split(key, 'trunk', trunk.length);
    trunk.push(conv2d.init(layerKey, { channels: previous, filters, kernel }));
    previous = filters;
  }
  const filters = Object.keys(patchClass).length;
  return {
    trunk,
    logits: conv2d.init(split(key, 'logits'), { channels: previous, filters, kernel: 1 }),
  };
}

function applyTrunk(
  trunk: SimganDiscriminatorParameters<Tensor>['trunk'],
  images: Tensor,
  layers: readonly DiscriminatorLayer[],
): Tensor {
  let next = 0;
  return layers.reduce(
    (x, layer) =>
      layer.kind === 'max-pool'
        ? maxPool2d.apply(x, layer)
        : relu(conv2d.apply(trunk[next++], x, { stride: layer.stride })),
    images,
  );
}
