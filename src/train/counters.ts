import { z } from 'zod';
import type { TrainConfig } from './config.ts';

const count = z.int().min(0);

/** The numbers that, with networks and history, say where a run stands. */
export const countersSchema = z.strictObject({
  /** Steps done of all phases together. */
  index: count,
  refinerUpdates: count,
  discriminatorUpdates: count,
  /**
   * Parts of batches drawn from the synthetic set (see `freshCount`), and batches of the real one.
   */
  syntheticBatches: count,
  realBatches: count,
  /** λ as an adaptive run has made it; the configuration's value where it has no target. */
  regularizationWeight: z.number().min(0),
});

export type Counters = z.output<typeof countersSchema>;

/** Where a new run stands. */
export function initialCounters({ regularization }: TrainConfig): Counters {
  return {
    index: 0,
    refinerUpdates: 0,
    discriminatorUpdates: 0,
    syntheticBatches: 0,
    realBatches: 0,
    regularizationWeight: regularization.weight,
  };
}
