import { type ColourGridRefinerOptions, colourGridRefiner } from './colour-grid-refiner.ts';
import type { ImageNetworkOptions, Refiner } from './network.ts';
import { type PixelShuffleRefinerOptions, pixelShuffleRefiner } from './pixel-shuffle-refiner.ts';
import { type ResnetGeneratorOptions, resnetGenerator } from './resnet-generator.ts';
import { simganRefiner } from './simgan-refiner.ts';
import { type UnetOptions, unet } from './unet.ts';

/** The refiners that a configuration can name. */
export const refiners = {
  'simgan-eyes': ({ channels }: ImageNetworkOptions) =>
    simganRefiner({ channels, kernel: 3, blocks: 4 }),
  'simgan-hands': ({ channels }: ImageNetworkOptions) =>
    simganRefiner({ channels, kernel: 7, blocks: 10 }),
  /** Fast, and the identity at first. */
  'pixel-shuffle': (options: PixelShuffleRefinerOptions) => pixelShuffleRefiner(options),
  /** Changes light and colour only. */
  'colour-grid': (options: ColourGridRefinerOptions) => colourGridRefiner(options),
  unet: (options: UnetOptions) => unet(options),
  /** CycleGAN's. */
  'resnet-generator': (options: ResnetGeneratorOptions) => resnetGenerator(options),
} satisfies Record<string, (options: ImageNetworkOptions) => Refiner>;

export type RefinerName = keyof typeof refiners;
