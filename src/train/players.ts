import { kernelSideOf } from '../data/equalizing-kernel.ts';
import { findLandmarks } from '../models/frozen/index.ts';
import { equalized, partsRefiner, type Refiner } from '../models/index.ts';
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
import { lastFullRate, type TrainConfig } from './config.ts';
import { pieceSide } from './equalizer.ts';
import { asConstants, type FrozenNetworks } from './frozen-networks.ts';
import {
  createDiscriminator,
  createPartDiscriminator,
  createPartRefiner,
  createRefiner,
} from './networks.ts';
import type { Players } from './step.ts';

/**
 * The networks and optimizers that a configuration names. Without the `frozen` networks that it
 * needs the parameters are the same, but what looks through them cannot be traced.
 */
export function createPlayers(config: TrainConfig, frozen?: FrozenNetworks<HostTensor>): Players {
  const refiner = createWholeRefiner(config, frozen);
  return {
    refiner: config.refiner.equalizer ? withEqualizer(refiner, config) : refiner,
    ...(config.cycle.weight > 0 && { inverse: refiner }),
    discriminator: createDiscriminator(config, asConstants(frozen ?? {})),
    ...(config.parts.discriminator && { partDiscriminator: createPartDiscriminator(config) }),
    refinerOptimizer: createOptimizer(config.optimizer),
    discriminatorOptimizer: createOptimizer(config.optimizer),
    ...(frozen && { frozen }),
  };
}

/** The refiner, with its local pathways where it has some. */
function createWholeRefiner(config: TrainConfig, frozen: FrozenNetworks<HostTensor> = {}): Refiner {
  const whole = createRefiner(config);
  if (!config.parts.refiner) return whole;
  return partsRefiner({
    whole,
    part: createPartRefiner(config),
    side: config.parts.side,
    findLandmarks: (images) => findLandmarks(asConstants(frozen).landmarks!, images),
  });
}

function withEqualizer(refiner: Refiner, config: TrainConfig): Refiner {
  const side = kernelSideOf(pieceSide(config));
  return equalized(refiner, { channels: config.channels, side });
}

function createOptimizer({ name, momentum, ...options }: TrainConfig['optimizer']): Optimizer {
  return name === 'adam' ? adam(options) : sgd({ momentum });
}

/** The learning rate of an iteration, counted from 1; before the game it is that of the first. */
export function createSchedule(config: TrainConfig, player: 'refiner' | 'discriminator'): Schedule {
  const { schedule, factor, [player]: initial } = config.learningRate;
  const after = lastFullRate(config);
  const final = initial * factor;
  if (schedule === 'step') return stepSchedule({ initial, final, after });
  if (schedule === 'linear') return linearDecay({ initial, final, after, until: config.steps });
  return constantSchedule(initial);
}
