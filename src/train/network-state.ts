import { randomKey, split } from '../base/random.ts';
import { mapTree, type Tree } from '../base/tree.ts';
import { forParts } from '../models/index.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { hasTwoDirections, type TrainConfig } from './config.ts';
import type { DiscriminatorState, Players, RefinerState } from './step.ts';

/** All that training changes, but for the history and the counters. */
export interface NetworkState {
  readonly refiner: RefinerState<HostTensor>;
  readonly discriminator: DiscriminatorState<HostTensor>;
}

/** The state of fresh networks; the same seed gives the same. */
export function initialState(players: Players, config: TrainConfig): NetworkState {
  const key = randomKey(config.seed);
  const { refiner, inverse, discriminator, partDiscriminator } = players;
  const refiners = {
    refiner: refiner.init(split(key, 'refiner')),
    ...(inverse && { inverse: inverse.init(split(key, 'inverse')) }),
  };
  const discriminators = {
    real: discriminator.init(split(key, 'discriminator')),
    ...(hasTwoDirections(config) && {
      synthetic: discriminator.init(split(key, 'inverse discriminator')),
    }),
    ...(partDiscriminator && {
      parts: forParts((part) => partDiscriminator.init(split(key, 'discriminator', part))),
    }),
  };
  return {
    refiner: {
      parameters: refiners,
      optimizer: players.refinerOptimizer.init(refiners),
      average: config.average.decay === 0 ? {} : copyTree(refiners.refiner),
    },
    discriminator: {
      parameters: discriminators,
      optimizer: players.discriminatorOptimizer.init(discriminators),
    },
  };
}

/** The parameters that are exported: the average where it is on. */
export function exportedParameters(
  { refiner }: NetworkState,
  config: TrainConfig,
): Tree<HostTensor> {
  return config.average.decay > 0 ? refiner.average : refiner.parameters.refiner;
}

/** The same values in buffers of their own. */
export function copyTree<T extends Tree<HostTensor>>(tree: T): T {
  return mapTree<HostTensor, HostTensor>(tree, ({ shape, data }) =>
    hostTensor(shape, data.slice()),
  ) as T;
}
