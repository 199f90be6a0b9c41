import type { HistoryBuffer, HistoryState } from '../data/history-buffer.ts';
import { fallsWithTime, type TrainConfig } from './config.ts';
import type { Counters } from './counters.ts';
import { createDiscriminatorUpdate, createHistory } from './discriminator-update.ts';
import type { Engine, Metrics } from './engine.ts';
import { createImageSupply } from './image-supply.ts';
import { createSchedule } from './players.ts';
import type { ProgressPoint } from './progress-point.ts';
import { createRefinerUpdate } from './refiner-update.ts';
import type { TrainingImages } from './training-images.ts';

/** The moves of a training run on its images, with the counters that say where it stands. */
export interface Game {
  readonly counters: Counters;
  readonly history: HistoryBuffer;
  /**
   * Plays one step of a phase; gives its metrics by name. A learning rate whose fall is a share
   * falls with the iterations or with the share of the game's time that is over, 0 … 1, whichever
   * is ahead.
   */
  play(point: ProgressPoint, timeShare?: number): Promise<Metrics>;
}

export interface GameOptions {
  readonly config: TrainConfig;
  readonly engine: Engine;
  readonly images: TrainingImages;
  readonly counters: Counters;
  /** What the λ of the counters is multiplied by, asked before each update. Default 1. */
  readonly weightFactor?: (() => number) | undefined;
  /** Of a checkpoint; empty where left out. */
  readonly history?: HistoryState | undefined;
}

/** Algorithm 1 of SimGAN (Shrivastava et al. 2017, arXiv 1612.07828) with its history buffer. */
export function createGame(options: GameOptions): Game {
  const { config } = options;
  // Every update counts itself here.
  const count: Counters = { ...options.counters };
  const supply = createImageSupply(options, count);
  const history = createHistory(options);
  const updateRefiner = createRefinerUpdate(options, count, supply);
  const updateDiscriminator = createDiscriminatorUpdate(options, count, supply, history);
  const rates = {
    refiner: createSchedule(config, 'refiner'),
    discriminator: createSchedule(config, 'discriminator'),
  };

  const inTime = fallsWithTime(config.learningRate) ? 1 : 0;

  async function playIteration(at: number): Promise<Metrics> {
    const refiner: Metrics[] = [];
    for (let k = 0; k < config.refinerStepsPerIteration; k++) {
      refiner.push(await updateRefiner(rates.refiner(at), { pretraining: false }));
    }
    const discriminator: Metrics[] = [];
    for (let k = 0; k < config.discriminatorStepsPerIteration; k++) {
      discriminator.push(await updateDiscriminator(rates.discriminator(at)));
    }
    return { ...meanOf(refiner), ...meanOf(discriminator) };
  }

  async function playPhase({ phase, step }: ProgressPoint, timeShare: number): Promise<Metrics> {
    // Before the game the rates are those of its first iteration.
    const at = phase === 'adversarial' ? Math.max(step, inTime * timeShare * config.steps) : 1;
    const refinerLearningRate = rates.refiner(at);
    const discriminatorLearningRate = rates.discriminator(at);
    switch (phase) {
      case 'refiner-pretraining': {
        const metrics = await updateRefiner(refinerLearningRate, { pretraining: true });
        return { ...metrics, refinerLearningRate };
      }
      case 'discriminator-pretraining':
        return {
          ...(await updateDiscriminator(discriminatorLearningRate)),
          discriminatorLearningRate,
        };
      case 'adversarial':
        return { ...(await playIteration(at)), refinerLearningRate, discriminatorLearningRate };
    }
  }

  return {
    get counters() {
      return { ...count };
    },
    history,
    play: async (point, timeShare = 0) => {
      const metrics = await playPhase(point, timeShare);
      count.index += 1;
      return metrics;
    },
  };
}

/** The mean of each metric over the updates of an iteration. */
function meanOf(metrics: readonly Metrics[]): Metrics {
  return Object.fromEntries(
    Object.keys(metrics[0]).map((name) => [
      name,
      metrics.reduce((sum, each) => sum + each[name], 0) / metrics.length,
    ]),
  );
}
