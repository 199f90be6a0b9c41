import { split } from '../base/random.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { averagePool2d } from '../tensor/operators/pooling.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { MultiScaleDiscriminator } from './network.ts';
import {
  type PatchDiscriminatorOptions,
  type PatchDiscriminatorParameters,
  patchDiscriminator,
} from './patch-discriminator.ts';

export interface MultiScaleDiscriminatorOptions extends PatchDiscriminatorOptions {
  /** Scales, each half as large as the one before; default 2. */
  readonly scales?: number;
}

/** The parameters of each scale, the finest first. */
export type MultiScaleDiscriminatorParameters<Leaf> = readonly PatchDiscriminatorParameters<Leaf>[];

/**
 * Patch discriminators of equal form on the image and on its averages over 2×2, 4×4, … pixels (Wang
 * et al. 2018, arXiv 1711.11585, section 3.2): the fine one judges texture, the coarse ones a
 * larger part of the face at little cost. Logits of each scale, the finest first. With the default
 * layers the fields are 26 and 52 pixels, and 64×64 pixels give 10×10 and 2×2 patches.
 *
 * An odd last row or column is left out of a coarser scale.
 */
export function multiScaleDiscriminator({
  scales = 2,
  ...options
}: MultiScaleDiscriminatorOptions): MultiScaleDiscriminator<
  MultiScaleDiscriminatorParameters<HostTensor>,
  MultiScaleDiscriminatorParameters<Tensor>
> {
  const network = patchDiscriminator(options);
  return {
    init: (key) => Array.from({ length: scales }, (_, i) => network.init(split(key, 'scale', i))),
    apply: (parameters, images) =>
      parameters.map((scale, i) =>
        network.apply(scale, i === 0 ? images : averagePool2d(images, { kernel: 2 ** i })),
      ),
  };
}
