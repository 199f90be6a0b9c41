import { describe, expect, it } from 'vitest';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { freshCount, type TrainConfigInput, trainConfig } from './config.ts';
import { initialCounters } from './counters.ts';
import type { Engine } from './engine.ts';
import { createGame } from './game.ts';
import { progressPoint, totalSteps } from './progress-point.ts';
import { fakeSource, namesOf } from './testing/named-images.ts';
import type { TrainingImages } from './training-images.ts';

type Pair = readonly [refined: number, rendered: number];

interface Call {
  readonly kind: 'refiner' | 'discriminator' | 'begin';
  readonly synthetic: readonly number[];
  readonly real: readonly number[];
  readonly history?: readonly Pair[];
  readonly moved?: readonly number[];
}

/** Both names of each pair of images, which are its two channels. */
function pairsOf({ shape, data }: HostTensor): Pair[] {
  expect(shape.slice(1)).toEqual([2, 8, 8]);
  return Array.from({ length: shape[0] }, (_, i) => [data[i * 128], data[i * 128 + 64]] as const);
}

/** The first images of both sides, image n become image −n, joined as channels. */
function pairUp(count: number, synthetic: HostTensor, real: HostTensor): HostTensor {
  const pairs = hostTensor([count, 2, 8, 8]);
  for (let i = 0; i < count; i++) {
    pairs.data.fill(-namesOf(synthetic)[i], i * 128, i * 128 + 64);
    pairs.data.fill(-namesOf(real)[i], i * 128 + 64, (i + 1) * 128);
  }
  return pairs;
}

async function playAll(values: TrainConfigInput) {
  const config = trainConfig({
    size: 8,
    channels: 1,
    batchSize: 4,
    cycle: { weight: 10, direction: 'both' },
    ...values,
  });
  const calls: Call[] = [];
  const count = freshCount(config);
  const engine = {
    updateRefiner: async ({ synthetic, real, augmentation }) => {
      const moved = augmentation?.map(({ translation }) => translation?.rows.shape[0] ?? 0);
      const given = { synthetic: namesOf(synthetic), real: namesOf(real as HostTensor) };
      calls.push({ kind: 'refiner', ...given, ...(moved && { moved }) });
      return { refinerLoss: 1, meanAbsoluteChange: 0 };
    },
    updateDiscriminator: async ({ synthetic, real, history, augmentation }) => {
      const moved = augmentation?.map(({ translation }) => translation?.rows.shape[0] ?? 0);
      calls.push({
        kind: 'discriminator',
        synthetic: namesOf(synthetic),
        real: namesOf(real),
        ...(history && { history: pairsOf(history) }),
        ...(moved && { moved }),
      });
      return { metrics: {}, refined: pairUp(count, synthetic, real) };
    },
    makeFresh: async ({ synthetic, real }) => {
      const given = { synthetic: namesOf(synthetic), real: namesOf(real as HostTensor) };
      calls.push({ kind: 'begin', ...given });
      return pairUp(count, synthetic, real as HostTensor);
    },
  } satisfies Partial<Engine>;
  const images: Pick<TrainingImages, 'synthetic' | 'syntheticCount' | 'real'> = {
    synthetic: fakeSource(count, 1),
    syntheticCount: count,
    real: fakeSource(config.batchSize, 10_001),
  };
  const game = createGame({
    config,
    engine: engine as Partial<Engine> as Engine,
    images: images as TrainingImages,
    counters: initialCounters(config),
  });
  const held: Pair[][] = [];
  for (let index = 0; index < totalSteps(config); index++) {
    await game.play(progressPoint(index, config));
    held.push(game.history.size > 0 ? pairsOf(game.history.state().images) : []);
  }
  return { calls, held };
}

const values = { steps: 12, history: { capacity: 10 } };

describe('the game in two directions', () => {
  it('gives every update whole batches of both sides, and shows each image once', async () => {
    const { calls } = await playAll({ ...values, refinerStepsPerIteration: 2 });
    for (const { synthetic, real } of calls)
      expect([synthetic.length, real.length]).toEqual([4, 4]);
    const seen = (side: 'synthetic' | 'real', first: number) => {
      const names = calls.flatMap((call) => call[side]);
      expect(names).toEqual(Array.from({ length: calls.length * 4 }, (_, i) => first + i));
    };
    seen('synthetic', 1);
    seen('real', 10_001);
    expect(calls.length).toBe(1 + 3 * 12);
  });

  it('takes half of the fakes of both sides from the history, as the pairs they were made as', async () => {
    const { calls } = await playAll(values);
    const made = new Set<string>();
    for (const { kind, synthetic, real, history } of calls) {
      if (kind === 'discriminator') {
        expect(history?.length).toBe(2);
        for (const pair of history ?? []) expect(made).toContain(pair.join());
        expect(new Set(history?.map(String)).size).toBe(2);
      }
      if (kind === 'refiner') continue;
      for (let i = 0; i < 2; i++) made.add([-synthetic[i], -real[i]].join());
    }
  });

  it('begins with half a batch of pairs, takes in the fresh half, and stays full', async () => {
    const { calls, held } = await playAll(values);
    expect(calls.filter(({ kind }) => kind === 'begin').length).toBe(1);
    expect(held.slice(0, 5).map(({ length }) => length)).toEqual([4, 6, 8, 10, 10]);
    const steps = calls.filter(({ kind }) => kind === 'discriminator');
    for (const [i, { synthetic, real }] of steps.entries()) {
      const fresh = [0, 1].map((k) => [-synthetic[k], -real[k]]);
      expect(held[i]).toEqual(expect.arrayContaining(fresh));
    }
  });

  it('does without a history', async () => {
    const { calls, held } = await playAll({ steps: 2, history: { capacity: 0 } });
    expect(calls.map(({ kind }) => kind)).toEqual(
      [1, 2].flatMap(() => ['refiner', 'discriminator']),
    );
    expect(calls.flatMap(({ history }) => history ?? [])).toEqual([]);
    expect(held).toEqual([[], []]);
  });

  it('draws numbers for the augmentation of both discriminators, for all that each sees', async () => {
    const augmentation = ['translation' as const];
    const { calls } = await playAll({ steps: 1, adversarial: { augmentation } });
    expect(calls.map(({ moved }) => moved)).toEqual([
      [4, 4],
      [8, 8],
    ]);
  });
});
