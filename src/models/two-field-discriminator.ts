import { split } from '../base/random.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { MultiScaleDiscriminator } from './network.ts';
import {
  localPatchLayers,
  type PatchDiscriminatorOptions,
  type PatchDiscriminatorParameters,
  type PatchLayers,
  patchDiscriminator,
} from './patch-discriminator.ts';

export type TwoFieldDiscriminatorOptions = Omit<PatchDiscriminatorOptions, 'layers'>;

/** The parameters for either field. */
export type TwoFieldDiscriminatorParameters<Leaf> = {
  readonly texture: PatchDiscriminatorParameters<Leaf>;
  readonly local: PatchDiscriminatorParameters<Leaf>;
};

/** A field of 11 pixels whose first layers look at every pixel, a patch every 2. */
export function texturePatchLayers(features = 16): PatchLayers {
  return {
    trunk: [
      { kernel: 3, stride: 1, filters: features },
      { kernel: 3, stride: 1, filters: features },
      { kernel: 3, stride: 2, filters: 4 * features },
    ],
    logitsKernel: 3,
  };
}

/**
 * Two patch discriminators of the same image: one with a field of 26 pixels
 * ({@link localPatchLayers}), which judges parts of a face, and one of 11 pixels without a stride
 * in its first layers ({@link texturePatchLayers}), which judges grain and edges. A stride at once
 * hides what alternates from pixel to pixel, and a refiner that folds pixels into channels leaves
 * just that. Logits `[batch, 2, rows, columns]` of each, texture first.
 */
export function twoFieldDiscriminator(
  options: TwoFieldDiscriminatorOptions,
): MultiScaleDiscriminator<
  TwoFieldDiscriminatorParameters<HostTensor>,
  TwoFieldDiscriminatorParameters<Tensor>
> {
  const texture = patchDiscriminator({ ...options, layers: texturePatchLayers() });
  const local = patchDiscriminator({ ...options, layers: localPatchLayers() });
  return {
    init: (key) => ({
      texture: texture.init(split(key, 'texture')),
      local: local.init(split(key, 'local')),
    }),
    apply: (parameters, images) => [
      texture.apply(parameters.texture, images),
      local.apply(parameters.local, images),
    ],
  };
}
