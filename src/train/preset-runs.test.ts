import { describe, expect, it } from 'vitest';
import { normal, randomKey } from '../base/random.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { createSession } from '../runtime/session.ts';
import { hostTensor } from '../tensor/host-tensor.ts';
import { type TrainConfig, type TrainConfigInput, trainConfig } from './config.ts';
import { initialCounters } from './counters.ts';
import { createEngine } from './engine.ts';
import { exportRefiner } from './export-refiner.ts';
import { createGame } from './game.ts';
import { exportedParameters } from './network-state.ts';
import { needsLandmarks } from './parts-config.ts';
import { type PresetName, presets } from './presets.ts';
import { progressPoint, totalSteps } from './progress-point.ts';
import { tinyFolders } from './testing/tiny-run.ts';
import { openTrainingImages } from './training-images.ts';

/** A preset with everything it turns on, but small: two iterations on the smallest images. */
function shortened(name: PresetName, channels: 1 | 3, changes: TrainConfigInput = {}): TrainConfig {
  const { values } = presets[name];
  const full = trainConfig(values);
  return trainConfig({
    ...values,
    channels,
    size: name === 'lifelike' || name === 'parts' ? 28 : 8,
    batchSize: 2,
    steps: 2,
    threads: 1,
    pretraining: {
      refinerSteps: Math.min(1, full.pretraining.refinerSteps),
      discriminatorSteps: Math.min(1, full.pretraining.discriminatorSteps),
    },
    history: { capacity: Math.min(4, full.history.capacity) },
    // Compiling six blocks, or five networks, four times over with gradients takes ten seconds.
    ...((name === 'cyclegan' || name === 'parts') && {
      refiner: { ...values.refiner, features: 16, blocks: 1 },
    }),
    ...changes,
  });
}

async function trained(config: TrainConfig) {
  const folders = await tinyFolders(await temporaryFolder(), {
    landmarks: needsLandmarks(config),
  });
  const images = await openTrainingImages({ ...folders, config });
  const engine = await createEngine(config, { threads: 1 });
  try {
    const game = createGame({ config, engine, images, counters: initialCounters(config) });
    const metrics: Readonly<Record<string, number>>[] = [];
    for (let index = 0; index < totalSteps(config); index++) {
      metrics.push(await game.play(progressPoint(index, config)));
    }
    const { refiner } = engine.players;
    const { channels, size } = config;
    const parameters = exportedParameters(engine.state, config);
    return { metrics, model: exportRefiner(refiner, parameters, { channels, size, preset: 'x' }) };
  } finally {
    await engine.dispose();
  }
}

const names = Object.keys(presets) as PresetName[];
// The refiner for hands has four million parameters and is for depth, which has one channel.
const runs = names.flatMap((name) =>
  ([3, 1] as const).flatMap((channels) =>
    name === 'simgan-hands' && channels === 3 ? [] : [[name, channels] as const],
  ),
);

describe('a short run of each preset', () => {
  it.each(runs)('%s trains %d channels and gives a refiner', async (name, channels) => {
    const config = shortened(name, channels);
    const { metrics, model } = await trained(config);
    const numbers = metrics.flatMap((line) => Object.entries(line));
    expect(numbers.filter(([, value]) => !Number.isFinite(value))).toEqual([]);
    const last = metrics.at(-1) ?? {};
    for (const name of ['refinerGradientNorm', 'discriminatorGradientNorm']) {
      expect([name, last[name] > 0]).toEqual([name, true]);
    }
    expect('cycleForward' in last).toBe(config.cycle.weight > 0);
    expect('inverseAdversarial' in last).toBe(config.cycle.direction === 'both');
    expect('partsAdversarial' in last).toBe(config.parts.discriminator);
    expect('historySize' in last).toBe(config.history.capacity > 0);

    const session = await createSession(model, { threads: 1 });
    const [height, width] = config.size;
    const shape = [1, channels, height, width] as const;
    const noise = normal(randomKey(1), channels * height * width);
    const given = hostTensor(shape, Float32Array.from(noise));
    const refined = hostTensor(shape);
    await session.run({ images: given }, { refined });
    await session.dispose();
    expect(new Set(refined.data).size).toBeGreaterThan(10);
    expect(refined.data.every((value) => Math.abs(value) <= 1)).toBe(true);
  });
});

it('cyclegan trains with the log loss, as published', async () => {
  const { metrics } = await trained(shortened('cyclegan', 1, { adversarial: { loss: 'log' } }));
  const numbers = metrics.flatMap((line) => Object.entries(line));
  expect(numbers.filter(([, value]) => !Number.isFinite(value))).toEqual([]);
  const last = metrics.at(-1) ?? {};
  const moved = ['refinerGradientNorm', 'discriminatorGradientNorm'].map((norm) => last[norm] > 0);
  expect(moved).toEqual([true, true]);
  // Near chance the two terms of the log loss are 1.39 together; those of least squares are ½.
  expect(last.inverseDiscriminatorReal + last.inverseDiscriminatorRefined).toBeGreaterThan(1);
});

it('simgan-eyes comes nearer to its input at its own size and rate, instead of diverging', async () => {
  const { metrics } = await trained(
    trainConfig({
      ...presets['simgan-eyes'].values,
      batchSize: 2,
      steps: 1,
      threads: 1,
      pretraining: { refinerSteps: 10, discriminatorSteps: 0 },
      history: { capacity: 0 },
    }),
  );
  const changes = metrics.map(({ meanAbsoluteChange }) => meanAbsoluteChange);
  expect(changes[9]).toBeLessThan(changes[0]);
});
