import {
  adam,
  constantSchedule,
  linearDecay,
  type Optimizer,
  type Schedule,
  sgd,
  stepSchedule,
} from '../optim/index.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import type { TrainConfig } from './config.ts';
import type { FaceNetworks } from './face-networks.ts';
import { createDiscriminator, createRefiner } from './networks.ts';
import type { Players } from './step.ts';

/** The networks and optimizers that a configuration names; `faces` for the steps alone. */
export function createPlayers(config: TrainConfig, faces?: FaceNetworks<HostTensor>): Players {
  const refiner = createRefiner(config);
  return {
    refiner,
    ...(config.cycle.weight > 0 && { inverse: refiner }),
    discriminator: createDiscriminator(config),
    refinerOptimizer: createOptimizer(config.optimizer),
    discriminatorOptimizer: createOptimizer(config.optimizer),
    ...(faces && { faces }),
  };
}

function createOptimizer({ name, momentum, ...options }: TrainConfig['optimizer']): Optimizer {
  return name === 'adam' ? adam(options) : sgd({ momentum });
}

/** The learning rate of an iteration, counted from 1; before the game it is that of the first. */
export function createSchedule(config: TrainConfig, player: 'refiner' | 'discriminator'): Schedule {
  const { schedule, after, factor, [player]: initial } = config.learningRate;
  const final = initial * factor;
  if (schedule === 'step') return stepSchedule({ initial, final, after });
  if (schedule === 'linear') return linearDecay({ initial, final, after, until: config.steps });
  return constantSchedule(initial);
}
