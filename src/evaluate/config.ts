import { z } from 'zod';
import { verificationSchema } from '../refine/verification/config.ts';
import { networkRanges } from './features/network-ranges.ts';

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
    .describe(
      '1 compares luma, 3 colour; auto: 1 where the refined images looked at, some 32, are grey.',
    ),
  maximumImages: z
    .int()
    .min(10)
    .max(1e6)
    .default(5000)
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
  networkRange: z
    .enum(networkRanges)
    .default('0..255')
    .describe('Values that a network given with --network takes.'),
  classifier: z
    .strictObject({
      images: z
        .int()
        .min(0)
        .max(10_000)
        .default(300)
        .describe('Images a side that the classifiers of the two-sample test see; 0: no test.'),
      steps: z.int().min(1).max(1e6).default(80).describe('Training steps of each classifier.'),
    })
    .prefault({}),
  verification: verificationSchema,
  task: z
    .strictObject({
      steps: z
        .int()
        .min(0)
        .max(1e6)
        .default(0)
        .describe('Training steps of each network; 0: 1,800 for landmarks, else 4,800.'),
      batchSize: z.int().min(2).max(1024).default(32).describe('Images a step.'),
      seeds: z.int().min(1).max(100).default(3).describe('Networks a training set.'),
      trainingImages: z
        .int()
        .min(10)
        .max(1e6)
        .default(4000)
        .describe('Images of a training set, and of the test set, at most; each takes 28 kB.'),
    })
    .prefault({}),
});

export type EvaluateConfig = z.output<typeof evaluateConfigSchema>;
