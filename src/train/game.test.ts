import { describe, expect, it } from 'vitest';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { freshCount, type TrainConfig, type TrainConfigInput, trainConfig } from './config.ts';
import { initialCounters } from './counters.ts';
import type { Engine, UpdateNumbers } from './engine.ts';
import { createGame } from './game.ts';
import { progressPoint, totalSteps } from './progress-point.ts';
import { fakeSource, namedImages, namesOf } from './testing/named-images.ts';
import type { TrainingImages } from './training-images.ts';

interface Call {
  readonly kind: 'pretrain' | 'refiner' | 'discriminator' | 'refine';
  readonly numbers?: UpdateNumbers;
  readonly synthetic: readonly number[];
  readonly history?: readonly number[];
  readonly real?: readonly number[];
  readonly pixelWeights?: HostTensor;
}

/** An engine that writes down what it is given; image n becomes image −n when it is refined. */
function fakeEngine(
  calls: Call[],
): Pick<Engine, 'pretrainRefiner' | 'updateRefiner' | 'makeFresh'> &
  Pick<Engine, 'updateDiscriminator'> {
  const negative = (images: HostTensor) => namedImages(namesOf(images).map((name) => -name));
  return {
    pretrainRefiner: async ({ synthetic }, numbers) => {
      calls.push({ kind: 'pretrain', numbers, synthetic: namesOf(synthetic) });
      return { selfRegularization: 1 };
    },
    updateRefiner: async ({ synthetic, pixelWeights }, numbers) => {
      const weights = pixelWeights && { pixelWeights };
      calls.push({ kind: 'refiner', numbers, synthetic: namesOf(synthetic), ...weights });
      return { refinerLoss: numbers.update };
    },
    updateDiscriminator: async ({ synthetic, history, real }, numbers) => {
      const given = { synthetic: namesOf(synthetic), real: namesOf(real) };
      const old = history && { history: namesOf(history) };
      calls.push({ kind: 'discriminator', numbers, ...given, ...old });
      return { metrics: { discriminatorLoss: numbers.update }, refined: negative(synthetic) };
    },
    makeFresh: async ({ synthetic }) => {
      calls.push({ kind: 'refine', synthetic: namesOf(synthetic) });
      return negative(synthetic);
    },
  };
}

function gameOf(values: TrainConfigInput) {
  const config: TrainConfig = trainConfig({ size: 8, channels: 1, batchSize: 4, ...values });
  const calls: Call[] = [];
  const syntheticCount = freshCount(config);
  const images = {
    synthetic: fakeSource(syntheticCount, 1),
    syntheticCount,
    real: fakeSource(config.batchSize, 10_001),
  } as Pick<TrainingImages, 'synthetic' | 'syntheticCount' | 'real'> as TrainingImages;
  const engine = fakeEngine(calls) as Engine;
  const game = createGame({ config, engine, images, counters: initialCounters(config) });
  return { calls, config, game };
}

async function playAll(values: TrainConfigInput) {
  const { calls, config, game } = gameOf(values);
  const metrics: Readonly<Record<string, number>>[] = [];
  const held: number[][] = [];
  for (let index = 0; index < totalSteps(config); index++) {
    metrics.push(await game.play(progressPoint(index, config)));
    held.push(namesOf(hostTensor([game.history.size, 1, 8, 8], game.history.state().images.data)));
  }
  return { calls, metrics, held, game, kinds: calls.map(({ kind }) => kind) };
}

/** The rates of the refiner in as many iterations as there are shares of the time. */
async function ratesAt(values: TrainConfigInput, timeShares: readonly number[]) {
  const { config, game } = gameOf(values);
  const rates: number[] = [];
  for (const [index, share] of timeShares.entries()) {
    rates.push((await game.play(progressPoint(index, config), share)).refinerLearningRate);
  }
  return rates;
}

const discriminatorCalls = (calls: readonly Call[]) =>
  calls.filter(({ kind }) => kind === 'discriminator');

describe('the game', () => {
  it('plays pre-training of the refiner, of the discriminator, then the rounds', async () => {
    const { kinds, game } = await playAll({
      steps: 2,
      pretraining: { refinerSteps: 2, discriminatorSteps: 1 },
      refinerStepsPerIteration: 3,
      discriminatorStepsPerIteration: 2,
    });
    const round = ['refiner', 'refiner', 'refiner', 'discriminator', 'discriminator'];
    expect(kinds).toEqual(['pretrain', 'pretrain', 'discriminator', ...round, ...round]);
    expect(game.counters).toMatchObject({
      index: 5,
      refinerUpdates: 8,
      discriminatorUpdates: 5,
      realBatches: 5,
    });
  });

  it('lets the rate fall with the time where that is ahead of the iterations', async () => {
    const learningRate = { refiner: 0.5, schedule: 'linear', after: '50%' } as const;
    const rates = await ratesAt({ steps: 4, learningRate }, [0, 0.25, 0.75, 0.5]);
    // Iterations 1 to 4 of 4; the third is at three quarters of the time, the last at the end of
    // both.
    expect(rates).toEqual([0.5, 0.5, 0.25, 0]);
    expect(await ratesAt({ steps: 1000, learningRate }, [0.5, 0.75, 1])).toEqual([0.5, 0.25, 0]);
    // A number of iterations is one, whatever the time.
    const counted = { ...learningRate, after: 500 } as const;
    expect(await ratesAt({ steps: 1000, learningRate: counted }, [0.5, 0.75, 1])).toEqual([
      0.5, 0.5, 0.5,
    ]);
  });

  it('counts the updates of each network over all phases and gives each its rate', async () => {
    const { calls, metrics } = await playAll({
      steps: 2,
      pretraining: { refinerSteps: 1, discriminatorSteps: 1 },
      learningRate: { refiner: 0.5, discriminator: 0.25, schedule: 'step', after: 1, factor: 0.5 },
    });
    expect(calls.map(({ numbers }) => numbers)).toEqual([
      { update: 1, learningRate: 0.5 },
      { update: 1, learningRate: 0.25 },
      { update: 2, learningRate: 0.5 },
      { update: 2, learningRate: 0.25 },
      { update: 3, learningRate: 0.25 },
      { update: 3, learningRate: 0.125 },
    ]);
    expect(metrics[0]).toEqual({ selfRegularization: 1, refinerLearningRate: 0.5 });
    expect(metrics[1]).toEqual({ discriminatorLoss: 1, discriminatorLearningRate: 0.25 });
    expect(metrics[3]).toMatchObject({
      refinerLearningRate: 0.25,
      discriminatorLearningRate: 0.125,
    });
  });

  it('logs the mean over the updates of an iteration', async () => {
    const { metrics } = await playAll({ steps: 2, refinerStepsPerIteration: 3 });
    expect(metrics.map(({ refinerLoss }) => refinerLoss)).toEqual([2, 5]);
  });

  it('shows every image once', async () => {
    const { calls } = await playAll({
      steps: 3,
      refinerStepsPerIteration: 2,
      history: { capacity: 8 },
    });
    const seen = calls.flatMap(({ synthetic }) => synthetic);
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => i + 1));
    const real = calls.flatMap((call) => call.real ?? []);
    expect(real).toEqual(Array.from({ length: 12 }, (_, i) => 10_001 + i));
  });
});

describe('weights of pixels', () => {
  it('are 1 where the configuration has some and the renders have no masks', async () => {
    const weightsOf = async (values: TrainConfigInput) =>
      (await playAll({ steps: 1, ...values })).calls.find(({ kind }) => kind === 'refiner')
        ?.pixelWeights;
    const weights = await weightsOf({
      regularization: { partWeights: { eyes: 4 }, withoutMasks: 'equal' },
    });
    expect(weights?.shape).toEqual([4, 1, 8, 8]);
    expect(new Set(weights?.data)).toEqual(new Set([1]));
    expect(await weightsOf({})).toBeUndefined();
  });
});

describe('the history', () => {
  const values = { steps: 20, history: { capacity: 10 } };

  it('makes half of each discriminator batch, of images refined before', async () => {
    const { calls } = await playAll(values);
    const refinedBefore = new Set<number>();
    for (const { kind, synthetic, history } of calls) {
      if (kind === 'refiner') expect(synthetic.length).toBe(4);
      if (kind === 'discriminator') {
        expect([synthetic.length, history?.length]).toEqual([2, 2]);
        expect(new Set(history).size).toBe(2);
        for (const name of history ?? []) expect(refinedBefore).toContain(name);
      }
      if (kind !== 'refiner') for (const name of synthetic) refinedBefore.add(-name);
    }
    expect(discriminatorCalls(calls).length).toBe(20);
  });

  it('begins with one half batch, fills, and stays full', async () => {
    const { kinds, held, metrics } = await playAll(values);
    expect(kinds.filter((kind) => kind === 'refine').length).toBe(1);
    const sizes = [4, 6, 8, 10, 10, 10];
    expect(held.slice(0, 6).map(({ length }) => length)).toEqual(sizes);
    expect(metrics.slice(0, 6).map(({ historySize }) => historySize)).toEqual(sizes);
  });

  it('takes in the fresh half of each batch, which replaces half a batch once it is full', async () => {
    const { calls, held } = await playAll(values);
    const fresh = discriminatorCalls(calls).map(({ synthetic }) => synthetic.map((name) => -name));
    for (let step = 0; step < held.length; step++) {
      expect(held[step]).toEqual(expect.arrayContaining(fresh[step]));
      if (step === 0 || held[step - 1].length < 10) continue;
      const kept = held[step].filter((name) => held[step - 1].includes(name));
      expect(kept.length).toBe(10 - 2);
    }
    // Which ones go is chance, not age: some of the first stay for long.
    const places = held.slice(4).map((now, i) => {
      const before = held[3 + i];
      return now.flatMap((name, place) => (before[place] === name ? [] : [place])).join();
    });
    expect(new Set(places).size).toBeGreaterThan(5);
  });

  it('is not used where its capacity is 0', async () => {
    const { calls, held, metrics, kinds } = await playAll({ steps: 3, history: { capacity: 0 } });
    for (const { synthetic, history } of discriminatorCalls(calls)) {
      expect([synthetic.length, history]).toEqual([4, undefined]);
    }
    expect(held).toEqual([[], [], []]);
    expect(kinds).not.toContain('refine');
    expect(metrics[0]).not.toHaveProperty('historySize');
  });
});
