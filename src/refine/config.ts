import { z } from 'zod';
import { verificationSchema } from './verification/config.ts';

/** How the work of `refine` is cut; what comes out does not depend on it. */
export const refineConfigSchema = z.strictObject({
  batchSize: z
    .int()
    .min(1)
    .max(1024)
    .default(8)
    .describe('Images of equal size that the network takes at once at most.'),
  batchPixels: z
    .int()
    .min(1)
    .max(1e9)
    .default(2 ** 18)
    .describe(
      'Pixels of such a batch at most, so that large images go one by one; the eye refiner needs about 1 kB a pixel.',
    ),
  threads: z
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .describe('Threads inside an operator; 0: one a core.'),
  data: z
    .strictObject({
      maxBroken: z
        .number()
        .min(0)
        .max(1)
        .default(0.05)
        .describe('Share of unreadable images above which the work stops.'),
    })
    .prefault({}),
  verification: verificationSchema,
});

export type RefineConfig = z.output<typeof refineConfigSchema>;

/** The configuration with a default for every key that is left out. */
export function refineConfig(values: z.input<typeof refineConfigSchema> = {}): RefineConfig {
  return refineConfigSchema.parse(values);
}
