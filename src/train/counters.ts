import { z } from 'zod';

const count = z.int().min(0);

/** The numbers that, with networks and history, say where a run stands. */
export const countersSchema = z.strictObject({
  /** Steps done of all phases together. */
  index: count,
  refinerUpdates: count,
  discriminatorUpdates: count,
  /** Parts of batches drawn from the synthetic set (see `freshCount`), and batches of the real one. */
  syntheticBatches: count,
  realBatches: count,
});

export type Counters = z.output<typeof countersSchema>;

export const initialCounters: Counters = {
  index: 0,
  refinerUpdates: 0,
  discriminatorUpdates: 0,
  syntheticBatches: 0,
  realBatches: 0,
};
