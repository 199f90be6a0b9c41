import { describe, expect, it } from 'vitest';
import { type TrainConfigInput, trainConfig } from './config.ts';
import { type Counters, initialCounters } from './counters.ts';
import type { Engine } from './engine.ts';
import { createGame } from './game.ts';
import { progressPoint, totalSteps } from './progress-point.ts';
import { fakeSource, namedImages } from './testing/named-images.ts';
import type { TrainingImages } from './training-images.ts';

/** Plays with a refiner that changes images by `change` of the λ it is fed. */
async function play(
  values: TrainConfigInput,
  change: (weight: number) => number,
  counters?: Counters,
) {
  const config = trainConfig({ size: 8, channels: 1, batchSize: 2, ...values });
  const fed: number[] = [];
  const engine: Partial<Engine> = {
    pretrainRefiner: async () => ({ meanAbsoluteChange: change(0) }),
    updateRefiner: async ({ weight }) => {
      fed.push(weight.data[0]);
      return { meanAbsoluteChange: change(weight.data[0]) };
    },
    updateDiscriminator: async () => ({ metrics: {}, refined: namedImages([0, 0]) }),
  };
  const images: Partial<TrainingImages> = {
    synthetic: fakeSource(2, 1),
    syntheticCount: 2,
    real: fakeSource(2, 1),
  };
  const game = createGame({
    config,
    engine: engine as Engine,
    images: images as TrainingImages,
    counters: counters ?? initialCounters(config),
  });
  const logged: (number | undefined)[] = [];
  while (game.counters.index < totalSteps(config)) {
    const metrics = await game.play(progressPoint(game.counters.index, config));
    logged.push(metrics.regularizationWeight);
  }
  return { fed, logged, counters: game.counters };
}

const target = (weight: number) => ({ regularization: { weight, target: 0.1 } });

describe('λ that holds the change at a target', () => {
  it.each([
    ['rises while the change is above it', 0.15, Math.exp(0.05 * 0.5)],
    ['falls while the change is below it', 0.05, Math.exp(-0.05 * 0.5)],
    ['stays while the change is on it', 0.1, 1],
    ['rises by one twentieth at most', 1.9, Math.exp(0.05)],
    ['falls by one twentieth at most', 0, Math.exp(-0.05)],
  ])('%s', async (_, change, factor) => {
    const { fed, logged, counters } = await play({ steps: 3, ...target(2) }, () => change);
    for (const [i, weight] of fed.entries()) expect(weight).toBeCloseTo(2 * factor ** i, 5);
    for (const [i, weight] of logged.entries()) expect(weight).toBeCloseTo(2 * factor ** i, 9);
    expect(counters.regularizationWeight).toBeCloseTo(2 * factor ** 3, 9);
  });

  it('stays without a target, and is logged all the same', async () => {
    const regularization = { weight: 2 };
    const { fed, logged, counters } = await play({ steps: 3, regularization }, () => 1);
    expect([fed, logged]).toEqual([
      [2, 2, 2],
      [2, 2, 2],
    ]);
    expect(counters.regularizationWeight).toBe(2);
  });

  it('does not move in the pre-training, which has no λ', async () => {
    const pretraining = { refinerSteps: 5, discriminatorSteps: 2 };
    const { fed, logged } = await play({ steps: 1, pretraining, ...target(2) }, () => 1);
    expect(fed).toEqual([2]);
    expect(logged).toEqual([...Array(7).fill(undefined), 2]);
  });

  it('moves after each of several updates of an iteration, and logs their mean', async () => {
    const game = { steps: 1, refinerStepsPerIteration: 3, ...target(1) };
    const { fed, logged } = await play(game, () => 1);
    for (const i of [0, 1, 2]) expect(fed[i]).toBeCloseTo(Math.exp(0.05 * i), 5);
    expect(logged[0]).toBeCloseTo((1 + Math.exp(0.05) + Math.exp(0.1)) / 3, 9);
  });

  it('finds the λ that gives the target', async () => {
    const { counters } = await play({ steps: 300, ...target(4) }, (weight) => 0.05 / weight);
    expect(counters.regularizationWeight).toBeCloseTo(0.5, 2);
  });

  it.each([
    ['above', 2, 2000],
    ['below', 0, 0.002],
  ])('stops a thousandfold away where the change stays %s the target', async (_, change, last) => {
    const { fed, counters } = await play({ steps: 400, ...target(2) }, () => change);
    expect(counters.regularizationWeight).toBe(last);
    expect(fed.at(-1)).toBeCloseTo(last, 3);
  });

  it('goes on from the counters of a checkpoint, through their JSON, exactly', async () => {
    const change = (weight: number) => 0.3 / (1 + weight);
    const straight = await play({ steps: 20, ...target(0.7) }, change);
    const first = await play({ steps: 9, ...target(0.7) }, change);
    const saved: Counters = JSON.parse(JSON.stringify(first.counters));
    const rest = await play({ steps: 20, ...target(0.7) }, change, saved);
    expect([...first.logged, ...rest.logged]).toEqual(straight.logged);
    expect(rest.counters).toEqual(straight.counters);
  });
});
