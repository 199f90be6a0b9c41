import { type RandomKey, split } from '../base/random.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { applyColour, type ColourNumbers, drawColour } from './colour.ts';
import { applyCutout, type CutoutNumbers, drawCutout } from './cutout.ts';
import type { ImageSize } from './image-size.ts';
import {
  applyTranslation,
  type Border,
  drawTranslation,
  type TranslationNumbers,
} from './translation.ts';

/** The kinds of differentiable augmentation, in the order in which they are applied. */
export const augmentationKinds = ['colour', 'translation', 'cutout'] as const;

export type AugmentationKind = (typeof augmentationKinds)[number];

/**
 * The random numbers of one augmentation of a batch, for the kinds that are used. They are inputs
 * of the program, so one program serves all steps; draw them anew for each batch of each step.
 */
export type AugmentationNumbers<Leaf> = {
  readonly colour?: ColourNumbers<Leaf>;
  readonly translation?: TranslationNumbers<Leaf>;
  readonly cutout?: CutoutNumbers<Leaf>;
};

export interface AugmentationOptions {
  /** Default: none. */
  readonly kinds?: readonly AugmentationKind[];
  /** The largest move as a share of each side. Default ⅛. */
  readonly translationShare?: number;
  /** Sides of the rectangle that is cut out as a share of the image's. Default ½. */
  readonly cutoutShare?: number;
}

/** Draws the numbers of a batch; the same key gives the same ones. */
export function drawAugmentation(
  key: RandomKey,
  size: ImageSize,
  { kinds = [], translationShare = 0.125, cutoutShare = 0.5 }: AugmentationOptions = {},
): AugmentationNumbers<HostTensor> {
  return {
    ...(kinds.includes('colour') && { colour: drawColour(split(key, 'colour'), size.batch) }),
    ...(kinds.includes('translation') && {
      translation: drawTranslation(split(key, 'translation'), size, { share: translationShare }),
    }),
    ...(kinds.includes('cutout') && {
      cutout: drawCutout(split(key, 'cutout'), size, { share: cutoutShare }),
    }),
  };
}

/**
 * Differentiable augmentation T (Zhao et al. 2020, arXiv 2006.10738, equations 2 and 3) of
 * `[batch, channels, height, width]`: everything that the discriminator sees, real and refined, in
 * its step and in the refiner's, passes through T, so that few photographs cannot be learned by
 * heart and nothing that T changes tells the classes apart. Gradients flow through it to the
 * refiner. Colour and cutout give values beyond −1 … 1 and mid-grey rectangles, as published.
 */
export function augment(
  numbers: AugmentationNumbers<Tensor>,
  images: Tensor,
  { border = 'zero' }: { readonly border?: Border } = {},
): Tensor {
  const { colour, translation, cutout } = numbers;
  let augmented = images;
  if (colour !== undefined) augmented = applyColour(colour, augmented);
  if (translation !== undefined) augmented = applyTranslation(translation, augmented, border);
  if (cutout !== undefined) augmented = applyCutout(cutout, augmented);
  return augmented;
}
