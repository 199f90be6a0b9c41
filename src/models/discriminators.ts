import type { Discriminator, ImageNetworkOptions } from './network.ts';
import {
  eyeDiscriminatorLayers,
  handDiscriminatorLayers,
  simganDiscriminator,
} from './simgan-discriminator.ts';

/** The discriminators that a configuration can name. */
export const discriminators = {
  'simgan-eyes': ({ channels }) =>
    simganDiscriminator({ channels, layers: eyeDiscriminatorLayers }),
  'simgan-hands': ({ channels }) =>
    simganDiscriminator({ channels, layers: handDiscriminatorLayers }),
  /** The eye network with one decision an image: the control without local discrimination. */
  'simgan-eyes-global': ({ channels }) =>
    simganDiscriminator({ channels, layers: eyeDiscriminatorLayers, decision: 'global' }),
} satisfies Record<string, (options: ImageNetworkOptions) => Discriminator>;

export type DiscriminatorName = keyof typeof discriminators;
