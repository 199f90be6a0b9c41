import { randomKey, split } from '../base/random.ts';
import { createBatchAssembler } from '../data/assemble-batch.ts';
import {
  createHistoryBuffer,
  type HistoryBuffer,
  type HistoryState,
  restoreHistoryBuffer,
} from '../data/history-buffer.ts';
import { type HostTensor, hostScalar, hostTensor } from '../tensor/host-tensor.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { hasTwoDirections, type TrainConfig } from './config.ts';
import type { Counters } from './counters.ts';
import { drawNumbers, type Engine, type Metrics } from './engine.ts';
import { followTarget } from './follow-target.ts';
import { createPixelWeights } from './part-weights.ts';
import { createSchedule } from './players.ts';
import type { ProgressPoint } from './progress-point.ts';
import { hasPartWeights } from './regularization-config.ts';
import type { FreshImages } from './step.ts';
import type { TrainingImages } from './training-images.ts';

/** The moves of a training run on its images, with the counters that say where it stands. */
export interface Game {
  readonly counters: Counters;
  readonly history: HistoryBuffer;
  /**
   * Plays one step of a phase; gives its metrics by name. A learning rate falls with the iterations or with
   * the share of the game's time that is over, 0 … 1, whichever is ahead.
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
  const { config, engine, images, counters, history, weightFactor = () => 1 } = options;
  const { batchSize, channels, size } = config;
  const count = { ...counters };
  const both = hasTwoDirections(config);
  // Images of both sides that were made from one pair are remembered as one, with its channels.
  const historyShape = [both ? 2 * channels : channels, ...size] as const;
  const buffer = history
    ? restoreHistoryBuffer(history)
    : createHistoryBuffer({ capacity: config.history.capacity, imageShape: historyShape });
  const seed = randomKey(config.seed);
  const key = split(seed, 'history');
  const refinerRate = createSchedule(config, 'refiner');
  const discriminatorRate = createSchedule(config, 'discriminator');
  const pixelWeights = hasPartWeights(config.regularization) ? pixelWeightsOf(config) : undefined;
  const assemble = createBatchAssembler(batchSize);

  const nextPart = () => images.synthetic.batch(count.syntheticBatches++);
  const nextWhole = () => assemble(nextPart);
  const nextReal = () => images.real.batch(count.realBatches++);

  /** Renders as a discriminator step takes them. */
  async function nextFresh(): Promise<FreshImages<HostTensor>> {
    const { images: synthetic, landmarks } = await (both ? nextWhole() : nextPart());
    return { synthetic, ...(landmarks && { landmarks }) };
  }

  /** Numbers for the augmentation in an update, as a field, or nothing where it is off. */
  function augmentation(player: 'refiner' | 'discriminator', update: number, batch: number) {
    const drawn = drawNumbers(split(seed, 'augmentation', player, update), config, batch);
    return drawn === undefined ? {} : { augmentation: drawn };
  }

  async function updateDiscriminator(step: number): Promise<Metrics> {
    const stepKey = split(key, count.discriminatorUpdates);
    // The first batch has no past: the buffer begins with what the refiner makes now.
    if (buffer.capacity > 0 && buffer.size < images.syntheticCount) {
      const first = { ...(await nextFresh()), ...(both && { real: (await nextReal()).images }) };
      buffer.replace(split(stepKey, 'begin'), await engine.makeFresh(first));
    }
    const old =
      buffer.capacity > 0
        ? buffer.sample(split(stepKey, 'sample'), images.syntheticCount)
        : undefined;
    const update = ++count.discriminatorUpdates;
    const fresh = await nextFresh();
    const { images: real, landmarks: realLandmarks } = await nextReal();
    const { metrics, refined } = await engine.updateDiscriminator(
      {
        ...fresh,
        real,
        ...(realLandmarks && { realLandmarks }),
        ...(old && { history: old }),
        ...augmentation('discriminator', update, 2 * batchSize),
      },
      { update, learningRate: discriminatorRate(step) },
    );
    if (buffer.capacity === 0) return metrics;
    buffer.replace(split(stepKey, 'replace'), refined);
    // Logged, because a buffer that stays empty would not show in any loss.
    return { ...metrics, historySize: buffer.size };
  }

  async function updateRefiner(step: number, pretraining: boolean): Promise<Metrics> {
    const update = ++count.refinerUpdates;
    const numbers = { update, learningRate: refinerRate(step) };
    const { images: synthetic, landmarks, parts } = await nextWhole();
    const renders = {
      synthetic,
      ...(landmarks && { landmarks }),
      ...(pixelWeights && { pixelWeights: pixelWeights(parts) }),
    };
    if (pretraining) return engine.pretrainRefiner(renders, numbers);
    const regularizationWeight = count.regularizationWeight * weightFactor();
    const metrics = await engine.updateRefiner(
      {
        ...renders,
        ...(both && { real: (await nextReal()).images }),
        weight: hostScalar(regularizationWeight),
        ...augmentation('refiner', update, batchSize),
      },
      numbers,
    );
    count.regularizationWeight = adaptWeight(count.regularizationWeight, metrics, config);
    return { ...metrics, regularizationWeight };
  }

  async function playIteration(step: number): Promise<Metrics> {
    const refiner: Metrics[] = [];
    for (let k = 0; k < config.refinerStepsPerIteration; k++) {
      refiner.push(await updateRefiner(step, false));
    }
    const discriminator: Metrics[] = [];
    for (let k = 0; k < config.discriminatorStepsPerIteration; k++) {
      discriminator.push(await updateDiscriminator(step));
    }
    return { ...meanOf(refiner), ...meanOf(discriminator) };
  }

  async function playPhase({ phase, step }: ProgressPoint, timeShare: number): Promise<Metrics> {
    // Before the game the rates are those of its first iteration.
    const at = phase === 'adversarial' ? Math.max(step, timeShare * config.steps) : 1;
    const refinerLearningRate = refinerRate(at);
    const discriminatorLearningRate = discriminatorRate(at);
    switch (phase) {
      case 'refiner-pretraining':
        return { ...(await updateRefiner(at, true)), refinerLearningRate };
      case 'discriminator-pretraining':
        return { ...(await updateDiscriminator(at)), discriminatorLearningRate };
      case 'adversarial':
        return { ...(await playIteration(at)), refinerLearningRate, discriminatorLearningRate };
    }
  }

  return {
    get counters() {
      return { ...count };
    },
    history: buffer,
    play: async (point, timeShare = 0) => {
      const metrics = await playPhase(point, timeShare);
      count.index += 1;
      return metrics;
    },
  };
}

/** How fast λ follows: log λ moves by this a step where the change is twice the target. */
const adaptation = 0.05;

/** λ of the next update, where it is adapted to hold the mean absolute change at `regularization.target`. */
function adaptWeight(weight: number, metrics: Metrics, { regularization }: TrainConfig): number {
  const { target, weight: initial } = regularization;
  if (target === 0) return weight;
  const measured = metrics.meanAbsoluteChange;
  return initial * followTarget(weight / initial, { measured, target, gain: adaptation });
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

/** Weights by part; renders without masks, where the configuration takes them, count as 1. */
function pixelWeightsOf({ regularization, batchSize, size }: TrainConfig) {
  const byPart = createPixelWeights(regularization);
  const shape = [batchSize, 1, ...size];
  const equal = hostTensor(shape, new Float32Array(sizeOf(shape)).fill(1));
  return (parts: HostTensor | undefined) => (parts === undefined ? equal : byPart(parts));
}
