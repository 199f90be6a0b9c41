import { describe, expect, it } from 'vitest';
import { dottedLeaves, valueAt } from '../base/plain-tree.ts';
import { trainConfig } from './config.ts';
import { createSchedule } from './players.ts';
import { defaultPreset, type Preset, type PresetName, presets } from './presets.ts';

/** What the sources give, by dotted key; as the papers and the report state it. */
const published: Readonly<Record<PresetName, Readonly<Record<string, unknown>>>> = {
  gan: {
    'refiner.architecture': 'simgan-eyes',
    'discriminator.architecture': 'simgan-eyes-global',
    'regularization.weight': 0,
    'history.capacity': 0,
  },
  'simgan-eyes': {
    size: [35, 55],
    channels: 1,
    batchSize: 512,
    'refiner.architecture': 'simgan-eyes',
    'discriminator.architecture': 'simgan-eyes',
    reduction: 'sum',
    'regularization.norm': 'l1',
    'regularization.difference': 'channel-mean',
    'pretraining.refinerSteps': 1000,
    'pretraining.discriminatorSteps': 200,
    discriminatorStepsPerIteration: 1,
    'learningRate.refiner': 0.001,
    'learningRate.discriminator': 0.001,
  },
  'simgan-hands': {
    size: [224, 224],
    channels: 1,
    'refiner.architecture': 'simgan-hands',
    'discriminator.architecture': 'simgan-hands',
    reduction: 'sum',
    'regularization.norm': 'l1',
    'regularization.difference': 'channel-mean',
    discriminatorStepsPerIteration: 1,
    'learningRate.refiner': 0.0002,
    'learningRate.discriminator': 0.0002,
    'learningRate.schedule': 'step',
    'learningRate.after': 600_000,
    'learningRate.factor': 0.25,
  },
  'simgan-faces': {
    channels: 3,
    'refiner.architecture': 'simgan-eyes',
    'discriminator.architecture': 'simgan-eyes',
    'regularization.norm': 'l1',
    'regularization.difference': 'per-channel',
    discriminatorStepsPerIteration: 1,
  },
  cyclegan: {
    'refiner.architecture': 'resnet-generator',
    'discriminator.architecture': 'cyclegan',
    'cycle.weight': 10,
    'cycle.direction': 'both',
    'cycle.identityWeight': 0,
    'history.capacity': 50,
    'optimizer.name': 'adam',
    'learningRate.refiner': 0.0002,
    'learningRate.schedule': 'linear',
    'learningRate.after': '50%',
    'learningRate.factor': 0,
  },
  'simgan-cycle': { 'cycle.direction': 'forward' },
  parts: { 'parts.refiner': true, 'parts.discriminator': true },
  lifelike: {},
};

const entries = Object.entries(presets) as [PresetName, Preset][];

describe.each(entries)('preset %s', (name, preset) => {
  it('keeps the values of its source', () => {
    const config = trainConfig(preset.values);
    for (const [key, value] of Object.entries(published[name])) {
      expect([key, valueAt(config, key.split('.'))]).toEqual([key, value]);
    }
  });

  it('says of every other value why it was chosen', () => {
    const isChosen = (key: string) =>
      Object.keys(preset.chosen).some((chosen) => key === chosen || key.startsWith(`${chosen}.`));
    const unexplained = dottedLeaves(preset.values)
      .map(([key]) => key)
      .filter((key) => !(key in published[name]) && !isChosen(key));
    expect(unexplained).toEqual([]);
  });

  it('gives no reason for a value that it does not set or that its source gives', () => {
    const keys = dottedLeaves(preset.values).map(([key]) => key);
    const isIdle = (chosen: string) =>
      !keys.some((key) => key === chosen || key.startsWith(`${chosen}.`)) ||
      chosen in published[name];
    expect(Object.keys(preset.chosen).filter(isIdle)).toEqual([]);
  });
});

describe('presets', () => {
  it('change K_g to 2, which both readings of the paper allow', () => {
    const counts = ['simgan-eyes', 'simgan-hands', 'simgan-faces'] as const;
    for (const name of counts) expect(presets[name].values.refinerStepsPerIteration).toBe(2);
  });

  it('lower the rate for hands to 0.00005 after 600,000 steps', () => {
    const rate = createSchedule(trainConfig(presets['simgan-hands'].values), 'refiner');
    expect([rate(1), rate(600_000)]).toEqual([0.0002, 0.0002]);
    expect(rate(600_001)).toBeCloseTo(0.00005, 12);
  });

  it('lower the rate of CycleGAN to zero in the second half', () => {
    const config = trainConfig(presets.cyclegan.values);
    const { steps } = config;
    const rate = createSchedule(config, 'refiner');
    expect([rate(1), rate(steps / 2)]).toEqual([0.0002, 0.0002]);
    expect(rate(0.75 * steps)).toBeCloseTo(0.0001, 6);
    expect(rate(steps)).toBeLessThan(1e-6);
  });

  it('hold the annotation by a cycle beside the regularizer of faces, or by the cycle alone', () => {
    const { cycle, regularization } = trainConfig(presets['simgan-cycle'].values);
    expect(cycle.weight).toBeGreaterThan(0);
    expect(regularization.weight).toBeGreaterThan(0);
    const { regularization: held } = trainConfig(presets.cyclegan.values);
    expect(held.weight).toBe(0);
  });

  it.each([
    'gan',
    'simgan-eyes',
    'simgan-hands',
    'simgan-faces',
    'cyclegan',
    'simgan-cycle',
  ] as const)('leave all stabilisers off where they are published: %s', (name) => {
    const config = trainConfig(presets[name].values);
    expect(config.selection.every).toBe(0);
    expect(config.average.decay).toBe(0);
    expect(config.adversarial).toEqual({
      loss: name === 'cyclegan' ? 'least-squares' : 'log',
      realSmoothing: 0,
      gradientPenalty: 0,
      augmentation: [],
    });
    expect(config.regularization).toMatchObject({ target: 0, driftTarget: 0 });
    expect(config.refiner.equalizer).toBe(false);
    expect(config.discriminator).toMatchObject({ faceFeatures: false, objectFeatures: false });
    expect(config.discriminator.architecture).toMatch(/^(simgan-|cyclegan)/);
    expect(config.learningRate.discriminator).toBe(config.learningRate.refiner);
  });

  it('have our own recipe as the default, at a batch size that a laptop holds', () => {
    expect(defaultPreset).toBe('lifelike');
    expect(presets[defaultPreset].values.batchSize).toBeLessThanOrEqual(32);
  });
});
