import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import type { Batch } from './batches.ts';

/**
 * Puts batches together to one of `batchSize` images, in memory that the next call uses again.
 * `next` gives the smaller ones in their order.
 */
export function createBatchAssembler(batchSize: number) {
  const memory = new Map<string, HostTensor>();
  const wholeOf = (name: string, [, ...one]: readonly number[]) => {
    const whole = memory.get(name) ?? hostTensor([batchSize, ...one]);
    memory.set(name, whole);
    return whole;
  };
  return async (next: () => Promise<Batch>): Promise<Batch> => {
    let filled = 0;
    while (filled < batchSize) {
      const part = await next();
      for (const [name, { shape, data }] of Object.entries(part) as [keyof Batch, HostTensor][]) {
        wholeOf(name, shape).data.set(data, (filled * data.length) / shape[0]);
      }
      filled += part.images.shape[0];
    }
    return Object.fromEntries(memory) as unknown as Batch;
  };
}
