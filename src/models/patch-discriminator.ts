import { type RandomKey, split } from '../base/random.ts';
import * as conv2d from '../nn/conv2d.ts';
import { heNormal } from '../nn/initializers.ts';
import * as instanceNorm from '../nn/instance-norm.ts';
import { spectrallyNormalized } from '../nn/spectral-norm.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { leakyRelu } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Discriminator, type ImageNetworkOptions, patchClass } from './network.ts';
import type { WindowLayer } from './receptive-field.ts';

export interface PatchLayer extends WindowLayer {
  readonly filters: number;
}

/** What the layers of a patch discriminator are. */
export interface PatchLayers {
  readonly trunk: readonly PatchLayer[];
  /** The filter of the last convolution, which gives the logits. */
  readonly logitsKernel: number;
}

/** A field of 26 pixels, a patch every 4: 10×10 patches for 64×64 pixels without padding. */
export function localPatchLayers(features = 32): PatchLayers {
  return {
    trunk: [
      { kernel: 4, stride: 2, filters: features },
      { kernel: 4, stride: 2, filters: 2 * features },
      { kernel: 3, stride: 1, filters: 4 * features },
    ],
    logitsKernel: 3,
  };
}

/**
 * The layers of pix2pix and CycleGAN (Isola et al. 2017, arXiv 1611.07004, appendix 6.1.2):
 * `strided` 4×4 convolutions of stride 2, one of stride 1, the logits. A field of 16, 34 or 70
 * pixels for 1, 2 or 3; published with 3 and 64 features for images of 256 pixels.
 */
export function pix2pixPatchLayers(strided = 2, features = 32): PatchLayers {
  const filters = (i: number) => features * Math.min(2 ** i, 8);
  return {
    trunk: [
      ...Array.from({ length: strided }, (_, i) => ({
        kernel: 4,
        stride: 2,
        filters: filters(i),
      })),
      { kernel: 4, stride: 1, filters: filters(strided) },
    ],
    logitsKernel: 4,
  };
}

/**
 * Those that suit images of `side` pixels: as published from 192 on, a field of 34 from 48, 16
 * below.
 */
export function pix2pixLayersFor(side: number, features?: number): PatchLayers {
  if (side < 48) return pix2pixPatchLayers(1, features);
  return pix2pixPatchLayers(side < 192 ? 2 : 3, features);
}

/** Every window of the layers, for `receptiveField`. */
export function windowsOf({ trunk, logitsKernel }: PatchLayers): readonly WindowLayer[] {
  return [...trunk, { kernel: logitsKernel, stride: 1 }];
}

export type PatchDiscriminatorParameters<Leaf> = {
  readonly trunk: readonly conv2d.Conv2dParameters<Leaf>[];
  /** One for each layer of the trunk after the first; none without normalisation. */
  readonly norms: readonly instanceNorm.InstanceNormParameters<Leaf>[];
  readonly logits: conv2d.Conv2dParameters<Leaf>;
};

export interface PatchDiscriminatorOptions extends ImageNetworkOptions {
  /** Default {@link localPatchLayers}. */
  readonly layers?: PatchLayers;
  /**
   * `valid`: no zeros around, so that no patch can tell from them where it lies, and what real and
   * refined images have at the same place cannot be learned; `same`: as published. Default `valid`.
   */
  readonly padding?: 'valid' | 'same';
  /** `instance` normalises all of the trunk but its first layer, as CycleGAN. Default `none`. */
  readonly normalization?: 'none' | 'instance';
  /** Divides all weights by their spectral norm (Miyato et al. 2018). Default: not. */
  readonly spectralNorm?: boolean;
}

export type PatchDiscriminator = Discriminator<
  PatchDiscriminatorParameters<HostTensor>,
  PatchDiscriminatorParameters<Tensor>
>;

/**
 * A fully convolutional discriminator (PatchGAN; Isola et al. 2017, arXiv 1611.07004, section
 * 3.2.2; Zhu et al. 2017, arXiv 1703.10593, appendix 7.2): convolutions with leaky ReLU (slope 0.2)
 * and two logits a patch. Their difference, real − refined, is the single logit of the papers
 * (`patchScore` of the losses): the softmax of two logits is the sigmoid of their difference.
 *
 * {@link localPatchLayers} with 32 features have 110,562 parameters for three channels.
 */
export function patchDiscriminator(options: PatchDiscriminatorOptions): PatchDiscriminator {
  const { channels, layers = localPatchLayers(), normalization = 'none' } = options;
  return {
    init: (key) => initParameters(key, channels, layers, normalization),
    apply: (parameters, images) => applyLayers(parameters, images, { ...options, layers }),
  };
}

function initParameters(
  key: RandomKey,
  channels: number,
  { trunk, logitsKernel }: PatchLayers,
  normalization: 'none' | 'instance',
): PatchDiscriminatorParameters<HostTensor> {
  const inputs = (i: number) => (i === 0 ? channels : trunk[i - 1].filters);
  const convolutions = trunk.map(({ kernel, filters }, i) =>
    conv2d.init(split(key, 'trunk', i), {
      channels: inputs(i),
      filters,
      kernel,
      initializer: heNormal,
    }),
  );
  const normalized = normalization === 'instance' ? trunk.slice(1) : [];
  return {
    trunk: convolutions,
    norms: normalized.map(({ filters }, i) =>
      instanceNorm.init(split(key, 'norms', i), { channels: filters }),
    ),
    logits: conv2d.init(split(key, 'logits'), {
      channels: inputs(trunk.length),
      filters: Object.keys(patchClass).length,
      kernel: logitsKernel,
    }),
  };
}

function applyLayers(
  { trunk, norms, logits }: PatchDiscriminatorParameters<Tensor>,
  images: Tensor,
  {
    layers,
    padding = 'valid',
    spectralNorm = false,
  }: PatchDiscriminatorOptions & {
    readonly layers: PatchLayers;
  },
): Tensor {
  const convolve = ({ weight, bias }: conv2d.Conv2dParameters<Tensor>, x: Tensor, stride: number) =>
    conv2d.apply({ weight: spectralNorm ? spectrallyNormalized(weight) : weight, bias }, x, {
      stride,
      padding,
    });
  const features = trunk.reduce((x, layer, i) => {
    const y = convolve(layer, x, layers.trunk[i].stride);
    const norm = norms[i - 1];
    return leakyRelu(norm === undefined ? y : instanceNorm.apply(norm, y));
  }, images);
  return convolve(logits, features, 1);
}
