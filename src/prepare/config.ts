import { z } from 'zod';

/** A normal distribution, used where no synthetic set gives one. */
const distribution = (mean: number, deviation: number, description: string) =>
  z
    .strictObject({
      mean: z.number().default(mean).describe(`mean of the ${description}`),
      deviation: z.number().min(0).default(deviation).describe('standard deviation of the same'),
    })
    .prefault({});

/** Everything that decides what `lifelike prepare` writes, beside the folders. */
export const prepareConfigSchema = z.strictObject({
  size: z.int().min(16).max(1024).default(128).describe('width and height of a crop, pixels'),
  grayscale: z.boolean().default(false).describe('write crops with one channel of luma'),
  seed: z.int().min(0).default(1).describe('of the drawn framings'),
  detector: z
    .strictObject({
      sizes: z
        .array(z.int().min(32).max(2048).multipleOf(32))
        .min(1)
        .default([96, 128, 224, 416, 608, 960, 1280])
        .describe(
          'longer sides to which photographs are scaled for the detector, pixels; those above 224 and above 1.25 times the photograph are left out',
        ),
      minimumScore: z.number().min(0).max(1).default(0.5).describe('of a face, 0 … 1'),
    })
    .prefault({}),
  framing: z
    .strictObject({
      scale: distribution(
        0.45,
        0.03,
        'size of the face, as a share of the crop, without --like: twice the distance of the eyes, or 1.8 times that from eyes to mouth',
      ),
      centerX: distribution(0.5, 0.03, 'horizontal place of the face, share of the crop'),
      centerY: distribution(0.48, 0.03, 'vertical place of the face, share of the crop'),
      roll: distribution(0, 4, 'turn in the image plane, degrees anticlockwise'),
      draws: z
        .int()
        .min(1)
        .max(1000)
        .default(16)
        .describe('framings drawn for a face before the one with least fill is taken'),
      acceptedFill: z
        .number()
        .min(0)
        .max(1)
        .default(0.15)
        .describe('share of a crop outside of the photograph that is taken without another draw'),
    })
    .prefault({}),
  drop: z
    .strictObject({
      fill: z
        .number()
        .min(0)
        .max(1)
        .default(0.35)
        .describe('crops with more outside of the photograph are dropped as extreme'),
      enlargement: z
        .number()
        .positive()
        .default(2)
        .describe('faces that would be enlarged more than this are dropped as too small'),
      blur: z
        .number()
        .min(0)
        .max(1)
        .default(0.55)
        .describe('crops above are dropped as blurred; about 0.3 is sharp, 0 … 1'),
      duplicateBits: z
        .int()
        .min(-1)
        .max(62)
        .default(28)
        .describe(
          'faces whose 256-bit perceptual hash differs in at most so many bits are near-duplicates; -1 keeps all',
        ),
    })
    .prefault({}),
});

/** The resolved configuration of `lifelike prepare`. */
export type PrepareConfig = z.output<typeof prepareConfigSchema>;
