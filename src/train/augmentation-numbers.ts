import { type AugmentationNumbers, drawAugmentation } from '../augment/augmentation.ts';
import { type RandomKey, randomKey, split } from '../base/random.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { hasTwoDirections, type TrainConfig } from './config.ts';

type Numbers = readonly AugmentationNumbers<HostTensor>[];

/** Numbers for the augmentation of a batch, one set a discriminator; undefined where it is off. */
export function drawNumbers(
  key: RandomKey,
  config: TrainConfig,
  batch: number,
): Numbers | undefined {
  const { adversarial, size } = config;
  const [height, width] = size;
  if (adversarial.augmentation.length === 0) return undefined;
  const options = { kinds: adversarial.augmentation };
  const sides = hasTwoDirections(config) ? [0, 1] : [0];
  return sides.map((side) => drawAugmentation(split(key, side), { batch, height, width }, options));
}

/** The same in each update of a player, as a field; none where it is off. */
export function augmentationNumbers(
  config: TrainConfig,
  player: 'refiner' | 'discriminator',
): (update: number, batch: number) => { readonly augmentation?: Numbers } {
  const key = split(randomKey(config.seed), 'augmentation', player);
  return (update, batch) => {
    const augmentation = drawNumbers(split(key, update), config, batch);
    return augmentation === undefined ? {} : { augmentation };
  };
}
