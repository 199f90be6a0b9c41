import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../base/config.ts';
import { describeConfig } from '../base/config-schema.ts';
import { UserError } from '../base/user-error.ts';
import { configWarnings, type TrainConfigInput, trainConfig, trainConfigSchema } from './config.ts';
import { createSchedule } from './players.ts';
import { presets } from './presets.ts';

const resolve = (...set: string[]) => resolveConfig(trainConfigSchema, { set }).config;

function message(set: readonly string[], preset: TrainConfigInput = {}): string {
  try {
    resolveConfig(trainConfigSchema, { preset, set });
  } catch (error) {
    if (error instanceof UserError) return error.message;
  }
  return 'no UserError';
}

describe('the configuration', () => {
  it('documents every key and gives it a default', () => {
    const keys = describeConfig(trainConfigSchema);
    expect(keys.length).toBeGreaterThan(30);
    expect(keys.filter(({ description }) => description.length < 5)).toEqual([]);
    expect(keys.filter((key) => key.default === undefined)).toEqual([]);
  });

  it('has the keys that scripts rely on', () => {
    const names = describeConfig(trainConfigSchema).map(({ key }) => key);
    const promised = [
      'size',
      'channels',
      'batchSize',
      'steps',
      'seed',
      'pretraining.refinerSteps',
      'pretraining.discriminatorSteps',
      'refinerStepsPerIteration',
      'discriminatorStepsPerIteration',
      'history.capacity',
      'regularization.weight',
    ];
    expect(names).toEqual(expect.arrayContaining(promised));
  });

  it.each([
    ['size=64', [64, 64]],
    ['size=35x55', [35, 55]],
    ['size="35x55"', [35, 55]],
    ['size=[35,55]', [35, 55]],
  ])('reads %s', (text, size) => {
    expect(resolve(text).size).toEqual(size);
  });

  it.each(['size=big', 'size=4', 'size=35x', 'size=[35]', 'size=64.5', 'size=-64', 'size=1x99999'])(
    'refuses %s',
    (text) => {
      expect(message([text])).toMatch(/^Expected `size(\.\d)?` to be .*, got .*\. Change it/);
    },
  );

  it.each([
    ['regularisation.weight=1', 'Did you mean "regularization.weight"?'],
    ['histroy.capacity=1', 'Did you mean "history.capacity"?'],
    ['batchsize=8', 'Did you mean "batchSize"?'],
    // The decay that never ran because its key was misspelt.
    ['learningRate.scheduel=linear', 'Did you mean "learningRate.schedule"?'],
    ['learningRate.decay=0.1', 'Use one of: refiner, discriminator, schedule, after, factor.'],
    ['learningRate.schedule=steps', 'Did you mean "step"?'],
    ['refiner.architecture=simgan-eye', 'Did you mean "simgan-eyes"?'],
    ['batchSize=5', 'to be a multiple of 2, got 5.'],
    ['channels=2', 'to be 1 or 3, got 2.'],
  ])('refuses %s with what to do', (text, remedy) => {
    expect(message([text])).toContain(remedy);
  });

  it.each([
    [
      ['batchSize=16', 'history.capacity=7'],
      'Expected `history.capacity` to be 0, or at least the 8',
    ],
    [['learningRate.factor=0.1'], 'Expected `learningRate.schedule` to be step or linear where'],
    [['learningRate.after=10'], 'Expected `learningRate.schedule` to be step or linear where'],
    [['optimizer.momentum=0.9'], 'Expected `optimizer.momentum` to be 0 for adam'],
  ])('refuses %j, of which one would do nothing', (set, text) => {
    expect(message(set)).toContain(text);
  });

  it('warns of a learning rate that never falls', () => {
    const learningRate = { schedule: 'linear', after: 100 } as const;
    expect(configWarnings(trainConfig({ steps: 100, learningRate }))).toEqual([
      'The learning rate stays as it is: learningRate.after is 100, and the run has 100 iterations.',
    ]);
    expect(configWarnings(trainConfig({ steps: 101, learningRate }))).toEqual([]);
    for (const { values } of Object.values(presets)) {
      expect(configWarnings(trainConfig(values))).toEqual([]);
    }
  });
});

describe('the learning rate of a configuration', () => {
  const rates = (learningRate: TrainConfigInput['learningRate'], steps: readonly number[]) => {
    const schedule = createSchedule(trainConfig({ steps: 10, learningRate }), 'refiner');
    return steps.map((step) => schedule(step));
  };

  it('is constant', () => {
    expect(rates({ refiner: 0.5 }, [1, 5, 10])).toEqual([0.5, 0.5, 0.5]);
  });

  it('drops by a factor', () => {
    const step = { refiner: 0.5, schedule: 'step', after: 4, factor: 0.5 } as const;
    expect(rates(step, [1, 4, 5, 10])).toEqual([0.5, 0.5, 0.25, 0.25]);
  });

  it('falls in a straight line to the last iteration', () => {
    const linear = { refiner: 0.5, schedule: 'linear', after: 2, factor: 0.5 } as const;
    expect(rates(linear, [1, 2, 6, 10])).toEqual([0.5, 0.5, 0.375, 0.25]);
  });

  it('is the own one of each network', () => {
    const config = trainConfig({ learningRate: { refiner: 0.5, discriminator: 0.25 } });
    expect(createSchedule(config, 'discriminator')(1)).toBe(0.25);
  });
});
