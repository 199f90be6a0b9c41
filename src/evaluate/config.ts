import { z } from 'zod';
import { verificationSchema } from '../refine/verification/config.ts';

/** Everything that decides what `evaluate` measures. */
export const evaluateConfigSchema = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(1)
    .describe('Decides which images are drawn, halves, subsets and resamples.'),
  channels: z
    .union([z.literal('auto'), z.literal(1), z.literal(3)])
    .default('auto')
    .describe('1 compares luma, 3 colour; auto: 1 where every refined image is grey.'),
  maximumImages: z
    .int()
    .min(10)
    .max(1e6)
    .default(10_000)
    .describe('Images a side whose realism is measured; labels are verified on all.'),
  replicates: z
    .int()
    .min(20)
    .max(100_000)
    .default(200)
    .describe('Resampled values an interval of a realism distance is made of.'),
  cache: z
    .string()
    .default('')
    .describe('Folder for features by content; empty: the cache folder of the user.'),
  verification: verificationSchema,
});

export type EvaluateConfig = z.output<typeof evaluateConfigSchema>;
