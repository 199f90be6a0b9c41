import { randomKey, split } from '../base/random.ts';
import {
  createHistoryBuffer,
  type HistoryBuffer,
  restoreHistoryBuffer,
} from '../data/history-buffer.ts';
import { augmentationNumbers } from './augmentation-numbers.ts';
import { hasTwoDirections } from './config.ts';
import type { Counters } from './counters.ts';
import type { Metrics } from './engine.ts';
import type { GameOptions } from './game.ts';
import type { ImageSupply } from './image-supply.ts';

/** The buffer of a run: that of its checkpoint, or an empty one. */
export function createHistory({
  config,
  history,
}: Pick<GameOptions, 'config' | 'history'>): HistoryBuffer {
  if (history) return restoreHistoryBuffer(history);
  const { channels, size } = config;
  // Images of both sides that were made from one pair are remembered as one, with its channels.
  const imageShape = [hasTwoDirections(config) ? 2 * channels : channels, ...size] as const;
  return createHistoryBuffer({ capacity: config.history.capacity, imageShape });
}

/**
 * A step of the discriminator: half of its refined images are fresh, half come from the history.
 */
export function createDiscriminatorUpdate(
  { config, engine, images: { syntheticCount } }: GameOptions,
  count: Counters,
  supply: ImageSupply,
  history: HistoryBuffer,
): (learningRate: number) => Promise<Metrics> {
  const key = split(randomKey(config.seed), 'history');
  const numbersOf = augmentationNumbers(config, 'discriminator');
  const both = hasTwoDirections(config);
  const isUsed = history.capacity > 0;
  return async (learningRate) => {
    const stepKey = split(key, count.discriminatorUpdates);
    // The first batch has no past: the buffer begins with what the refiner makes now.
    if (isUsed && history.size < syntheticCount) {
      const real = both && { real: (await supply.nextReal()).images };
      const first = { ...(await supply.nextFresh()), ...real };
      history.replace(split(stepKey, 'begin'), await engine.makeFresh(first));
    }
    const old = isUsed ? history.sample(split(stepKey, 'sample'), syntheticCount) : undefined;
    const update = ++count.discriminatorUpdates;
    const fresh = await supply.nextFresh();
    const { images: real, landmarks: realLandmarks } = await supply.nextReal();
    const { metrics, refined } = await engine.updateDiscriminator(
      {
        ...fresh,
        real,
        ...(realLandmarks && { realLandmarks }),
        ...(old && { history: old }),
        ...numbersOf(update, 2 * config.batchSize),
      },
      { update, learningRate },
    );
    if (!isUsed) return metrics;
    history.replace(split(stepKey, 'replace'), refined);
    // Logged, because a buffer that stays empty would not show in any loss.
    return { ...metrics, historySize: history.size };
  };
}
