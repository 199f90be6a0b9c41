import {
  type MultiScaleDiscriminatorOptions,
  multiScaleDiscriminator,
} from './multi-scale-discriminator.ts';
import type { Discriminator, ImageNetworkOptions, MultiScaleDiscriminator } from './network.ts';
import {
  localPatchLayers,
  type PatchDiscriminatorOptions,
  patchDiscriminator,
  pix2pixLayersFor,
} from './patch-discriminator.ts';
import {
  eyeDiscriminatorLayers,
  handDiscriminatorLayers,
  simganDiscriminator,
} from './simgan-discriminator.ts';
import {
  type TwoFieldDiscriminatorOptions,
  twoFieldDiscriminator,
} from './two-field-discriminator.ts';

interface WidthOptions {
  /** Feature maps of the first layer; left out: 32. */
  readonly features?: number;
}

/** The discriminators that a configuration can name. */
export const discriminators = {
  'simgan-eyes': ({ channels }: ImageNetworkOptions) =>
    simganDiscriminator({ channels, layers: eyeDiscriminatorLayers }),
  'simgan-hands': ({ channels }: ImageNetworkOptions) =>
    simganDiscriminator({ channels, layers: handDiscriminatorLayers }),
  /** The eye network with one decision an image: the control without local discrimination. */
  'simgan-eyes-global': ({ channels }: ImageNetworkOptions) =>
    simganDiscriminator({ channels, layers: eyeDiscriminatorLayers, decision: 'global' }),
  /** A 26-pixel field, no padding, spectral normalisation. */
  patch: ({ features, ...options }: PatchDiscriminatorOptions & WidthOptions) =>
    patchDiscriminator({ layers: localPatchLayers(features), spectralNorm: true, ...options }),
  /**
   * CycleGAN's form, padded and instance-normalised, with a field of 16, 34 or 70 pixels by the
   * side of the images.
   */
  cyclegan: ({
    side = 64,
    features,
    ...options
  }: PatchDiscriminatorOptions & WidthOptions & { readonly side?: number }) =>
    patchDiscriminator({
      layers: pix2pixLayersFor(side, features),
      padding: 'same',
      normalization: 'instance',
      ...options,
    }),
} satisfies Record<string, (options: ImageNetworkOptions) => Discriminator>;

export type DiscriminatorName = keyof typeof discriminators;

/** The discriminators of several scales or fields that a configuration can name. */
export const multiScaleDiscriminators = {
  /** `patch` on the image and on its average over 2×2 pixels. */
  'multi-scale': (options: MultiScaleDiscriminatorOptions) =>
    multiScaleDiscriminator({ spectralNorm: true, ...options }),
  /** `patch`, and beside it one for grain and edges with a field of 11 pixels. */
  'two-field': (options: TwoFieldDiscriminatorOptions) =>
    twoFieldDiscriminator({ spectralNorm: true, ...options }),
} satisfies Record<string, (options: ImageNetworkOptions) => MultiScaleDiscriminator>;

export type MultiScaleDiscriminatorName = keyof typeof multiScaleDiscriminators;
