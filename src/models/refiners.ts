import type { ImageNetworkOptions, Refiner } from './network.ts';
import { simganRefiner } from './simgan-refiner.ts';

/** The refiners that a configuration can name. */
export const refiners = {
  'simgan-eyes': ({ channels }) => simganRefiner({ channels, kernel: 3, blocks: 4 }),
  'simgan-hands': ({ channels }) => simganRefiner({ channels, kernel: 7, blocks: 10 }),
} satisfies Record<string, (options: ImageNetworkOptions) => Refiner>;

export type RefinerName = keyof typeof refiners;
