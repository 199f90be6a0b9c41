import { createBatchAssembler } from '../data/assemble-batch.ts';
import type { Batch } from '../data/batches.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { hasTwoDirections } from './config.ts';
import type { Counters } from './counters.ts';
import type { GameOptions } from './game.ts';
import type { FreshImages } from './step.ts';

/** The images of both sides in the order of the run; the counters say how far it is. */
export interface ImageSupply {
  /** A whole batch of renders. */
  nextWhole(): Promise<Batch>;
  /** A whole batch of photographs. */
  nextReal(): Promise<Batch>;
  /** Renders as a discriminator step takes them. */
  nextFresh(): Promise<FreshImages<HostTensor>>;
}

export function createImageSupply(
  { config, images }: Pick<GameOptions, 'config' | 'images'>,
  count: Counters,
): ImageSupply {
  const assemble = createBatchAssembler(config.batchSize);
  const nextPart = () => images.synthetic.batch(count.syntheticBatches++);
  const nextWhole = () => assemble(nextPart);
  return {
    nextWhole,
    nextReal: () => images.real.batch(count.realBatches++),
    nextFresh: async () => {
      const { images: synthetic, landmarks } = await (hasTwoDirections(config)
        ? nextWhole()
        : nextPart());
      return { synthetic, ...(landmarks && { landmarks }) };
    },
  };
}
