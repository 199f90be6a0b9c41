import { z } from 'zod';
import {
  type DiscriminatorName,
  discriminators,
  type MultiScaleDiscriminatorName,
  multiScaleDiscriminators,
} from '../models/discriminators.ts';
import { changeKinds } from '../models/pixel-shuffle-refiner.ts';
import { type RefinerName, refiners } from '../models/refiners.ts';
import { discriminatorsWithFeatures, refinerOptions } from './networks.ts';
import type { Refuse } from './refuse.ts';

const refinerNames = Object.keys(refiners) as RefinerName[];
const discriminatorNames = [
  ...(Object.keys(discriminators) as DiscriminatorName[]),
  ...(Object.keys(multiScaleDiscriminators) as MultiScaleDiscriminatorName[]),
];

/** The network that refines. */
export const refinerSchema = z
  .strictObject({
    architecture: z.enum(refinerNames).default('simgan-eyes').describe('The refiner network.'),
    features: z
      .int()
      .min(0)
      .max(512)
      .default(0)
      .describe('Feature maps; multiples of 16 are fastest. 0: the network’s own.'),
    blocks: z
      .int()
      .min(0)
      .max(64)
      .default(0)
      .describe(
        'Residual blocks. 0: the network’s own; resnet-generator has 6, and 9 above 128 pixels.',
      ),
    reduction: z
      .int()
      .min(0)
      .max(64)
      .default(0)
      .describe(
        'Of colour-grid: side of the squares of pixels whose mean the network sees. 0: size / 64 of the training images, so that its cost stays that of 64 pixels, or less where that does not divide the size; larger images cost more in proportion to their area.',
      ),
    padding: z
      .enum(['zero', 'reflect'])
      .default('zero')
      .describe('What lies around the image; reflect tells no filter where the border is.'),
    change: z
      .enum(changeKinds)
      .default('sharp')
      .describe(
        'Whether each pixel changes by itself (sharp), or the change is interpolated, without grain (smooth), and detail that is there scaled (detail).',
      ),
    equalizer: z
      .boolean()
      .default(false)
      .describe(
        'Whether a fixed filter first gives the renders the photographs’ mean power at each frequency, in luma and chroma: their grain and sharpness. Measured before training; the regularizer compares with what it gives, but for landmarks and identity, which are the render’s.',
      ),
  })
  .prefault({});

/** The network that judges. */
export const discriminatorSchema = z
  .strictObject({
    architecture: z
      .enum(discriminatorNames)
      .default('simgan-eyes')
      .describe('The discriminator network; `-global` judges whole images instead of patches.'),
    features: z
      .int()
      .min(0)
      .max(512)
      .default(0)
      .describe(
        'Of patch and cyclegan: feature maps of the first layer. 0: 32, half of CycleGAN’s.',
      ),
    faceFeatures: z
      .boolean()
      .default(false)
      .describe('Whether feature maps of a frozen face network are judged too (Projected GAN).'),
    objectFeatures: z
      .boolean()
      .default(false)
      .describe(
        'Whether feature maps of MobileNetV2, trained on photographs of objects, are judged too.',
      ),
  })
  .prefault({});

interface NetworkConfig {
  readonly refiner: z.output<typeof refinerSchema>;
  readonly discriminator: z.output<typeof discriminatorSchema>;
}

/** Refuses options that the networks do not have. */
export function checkNetworks(config: NetworkConfig, refuse: Refuse): void {
  checkRefiner(config, refuse);
  checkDiscriminator(config, refuse);
}

/** An option that a network does not have would be ignored. */
function checkRefiner({ refiner }: NetworkConfig, refuse: Refuse): void {
  const { architecture, equalizer: _, ...options } = refiner;
  const known: readonly string[] = refinerOptions[architecture];
  const unset = { features: 0, blocks: 0, reduction: 0, padding: 'zero', change: 'sharp' } as const;
  for (const name of Object.keys(options) as (keyof typeof options)[]) {
    // Runs of earlier versions have a reduction of 1, which reduces nothing.
    if (name === 'reduction' && options.reduction === 1) continue;
    if (options[name] !== unset[name] && !known.includes(name)) {
      refuse(`refiner.${name}`, `${unset[name]} for ${architecture}, which has no such option`);
    }
  }
}

/** Networks of the papers are as wide as they are. */
function checkDiscriminator({ discriminator }: NetworkConfig, refuse: Refuse): void {
  const { architecture, features } = discriminator;
  if (features > 0 && !discriminatorsWithFeatures.includes(architecture)) {
    refuse('discriminator.features', `0 for ${architecture}, which has no such option`);
  }
}
