import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../base/config.ts';
import { describeConfig } from '../base/config-schema.ts';
import { randomKey } from '../base/random.ts';
import { UserError } from '../base/user-error.ts';
import { partCodes } from '../data/part-masks.ts';
import { compile } from '../tensor/compile.ts';
import { spec, specsOf } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import {
  configWarnings,
  lastFullRate,
  type TrainConfigInput,
  trainConfig,
  trainConfigSchema,
} from './config.ts';
import { createDiscriminator } from './networks.ts';
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
    [['learningRate.after=50%'], 'Expected `learningRate.schedule` to be step or linear where'],
    [['learningRate.after=101%'], 'to be a number of iterations, such as 3000, or a share of all'],
    [['optimizer.momentum=0.9'], 'Expected `optimizer.momentum` to be 0 for adam'],
    [['optimizer.name=sgd', 'optimizer.beta1=0.5'], 'Expected `optimizer.beta1` to be 0.9, its'],
    [['refiner.reduction=8'], 'Expected `refiner.reduction` to be 0 for simgan-eyes'],
    [['discriminator.features=64'], 'Expected `discriminator.features` to be 0 for simgan-eyes'],
    [
      ['adversarial.realSmoothing=0.1', 'adversarial.loss=hinge'],
      'Expected `adversarial.realSmoothing` to be 0 unless adversarial.loss is log',
    ],
    [
      ['cycle.direction=both'],
      'Expected `cycle.weight` to be above 0 where cycle.direction is both',
    ],
    [
      ['cycle.weight=1', 'cycle.identityWeight=1'],
      'Expected `cycle.identityWeight` to be 0 unless cycle.direction is both',
    ],
    [
      ['regularization.target=0.1', 'regularization.weight=0'],
      'Expected `regularization.weight` to be above 0 where regularization.target is set',
    ],
    [
      ['regularization.pixels=0'],
      'Expected `regularization.pixels` to be above 0 where all other shares are 0',
    ],
    [
      ['regularization.featureTaps=["conv32_3"]'],
      'Expected `regularization.featureTaps` to be [conv64_3] where regularization.featureMaps is 0',
    ],
    [
      ['regularization.weight=0', 'regularization.identity=1'],
      'Expected `regularization.weight` to be above 0 where regularization.identity is set',
    ],
    [
      ['regularization.weight=0', 'regularization.imageGradients=1'],
      'Expected `regularization.weight` to be above 0 where regularization.imageGradients is set',
    ],
    [
      ['regularization.weight=0', 'regularization.partWeights.eyes=2'],
      'Expected `regularization.weight` to be above 0 where regularization.partWeights is set',
    ],
    [
      [
        'regularization.difference=channel-mean',
        'regularization.pixels=0',
        'regularization.luminance=1',
      ],
      'Expected `regularization.difference` to be per-channel where regularization.pixels and squares are 0',
    ],
    [
      ['regularization.target=0.1', 'refiner.equalizer=true'],
      'Expected `regularization.target` to be 0 with refiner.equalizer',
    ],
    [
      ['selection.driftLimit=0.5'],
      'Expected `selection.every` to be above 0 where selection.driftLimit is set',
    ],
    [
      [
        'regularization.pixels=0',
        'regularization.totalVariation=1',
        'regularization.partWeights.eyes=2',
      ],
      'Expected `regularization.partWeights` to be 1 for all where pixels, squares, channelMeans, imageGradients, tone, luminance and chrominance are 0',
    ],
    [
      ['parts.side=48'],
      'Expected `parts.side` to be 32 where parts.refiner and parts.discriminator',
    ],
    [
      ['parts.refiner=true', 'cycle.weight=1', 'cycle.direction=both'],
      'Expected `cycle.direction` to be forward where parts.refiner or parts.discriminator is on',
    ],
    [
      ['parts.refiner=true', 'refiner.architecture=unet', 'parts.side=40'],
      'Expected `parts.side` to be a multiple of 16 for this refiner',
    ],
    [
      ['parts.discriminator=true', 'discriminator.architecture=patch', 'parts.side=16'],
      'Expected `parts.side` to be at least 26 for the discriminator of the parts',
    ],
    [
      ['channels=1', 'regularization.pixels=0', 'regularization.chrominance=1'],
      'to be above 0 where all other shares are 0 and the images have no colour, got 0',
    ],
    [
      ['refiner.architecture=unet', 'refiner.blocks=2'],
      'Expected `refiner.blocks` to be 0 for unet, which has no such option',
    ],
    [
      ['refiner.padding=reflect'],
      'Expected `refiner.padding` to be zero for simgan-eyes, which has no such option',
    ],
    [
      ['regularization.norm=l2', 'regularization.pixels=0', 'regularization.identity=1'],
      'Expected `regularization.norm` to be l1 where pixels, channelMeans, imageGradients, tone, luminance, featureMaps and chrominance are 0',
    ],
    [
      ['adversarial.augmentation=["cutout","cutout"]'],
      'Expected `adversarial.augmentation` to be a list without duplicates',
    ],
  ])('refuses %j, of which one would do nothing', (set, text) => {
    expect(message(set)).toContain(text);
  });

  it.each([
    [['adversarial.realSmoothing=0.5'], 'Expected `adversarial.realSmoothing` to be'],
    [['adversarial.augmentation=["flip"]'], 'Expected `adversarial.augmentation'],
    [['adversarial.loss=wasserstein'], 'Expected `adversarial.loss` to be'],
    [['cycle.direction=backward'], 'Expected `cycle.direction` to be'],
    [['regularization.target=-1'], 'Expected `regularization.target` to be'],
    [['regularization.featureTaps=["conv1"]'], 'Expected `regularization.featureTaps.0` to be'],
    [
      ['regularization.squares=1', 'regularization.norm=l2'],
      'Expected `regularization.squares` to be 0 for norm l2',
    ],
    [
      ['regularization.channelMeans=1', 'regularization.difference=channel-mean'],
      'Expected `regularization.channelMeans` to be 0 where',
    ],
    [
      ['regularization.featureMaps=1', 'regularization.featureTaps=["conv64_3","conv64_3"]'],
      'Expected `regularization.featureTaps` to be a list without duplicates',
    ],
    [
      [
        'cycle.weight=1',
        'cycle.direction=both',
        'cycle.identityWeight=1',
        'refiner.equalizer=true',
      ],
      'Expected `cycle.identityWeight` to be 0 with refiner.equalizer',
    ],
    [['regularization.partWeights.eye=2'], 'Did you mean "regularization.partWeights.eyes"?'],
    [['regularization.partWeights.eyes=-1'], 'Expected `regularization.partWeights.eyes` to be'],
  ])('refuses %j, which is out of range', (set, text) => {
    expect(message(set)).toContain(text);
  });

  it.each([
    ['refiner.architecture=pixel-shuffle', '62', 'multiples of 4 for these networks', '64'],
    ['refiner.architecture=resnet-generator', '64x66', 'multiples of 4 for these networks', '68'],
    ['refiner.architecture=unet', '56', 'multiples of 16 for these networks', '48'],
    ['refiner.architecture=colour-grid', '12', 'multiples of 8 for these networks', '16'],
  ])('%s refuses size %s as no %s', (network, wrong, text, right) => {
    expect(message([network, `size=${wrong}`])).toContain(`Expected \`size\` to be ${text}, got `);
    expect(message([network, `size=${right}`])).toBe('no UserError');
  });

  it.each(['patch', 'multi-scale', 'two-field'] as const)(
    'enlarges for %s what is smaller than its field',
    (architecture) => {
      const side = { patch: 26, 'multi-scale': 52, 'two-field': 26 }[architecture];
      const network = createDiscriminator(
        trainConfig({ size: 64, discriminator: { architecture } }),
      );
      const coarsest = (height: number, width: number) =>
        compile(
          (parameters, images) => network.apply(parameters, images as Tensor),
          [specsOf(network.init(randomKey(1))), spec([1, 3, height, width])],
        ).outputs.at(-1)?.shape;
      expect(coarsest(side, side)).toEqual([1, 2, 1, 1]);
      // One pixel less is too little, twice of it is not.
      expect(coarsest(side - 1, side - 1)).toEqual(coarsest(2 * side - 2, 2 * side - 2));
      expect(coarsest(8, 12)?.at(-1)).toBeGreaterThan(1);
    },
  );

  it('has a share for every regularizer, alone and together', () => {
    const shares = ['featureMaps', 'identity', 'landmarks', 'totalVariation', 'luminance'];
    for (const share of shares) {
      expect(message(['regularization.pixels=0', `regularization.${share}=2`])).toBe(
        'no UserError',
      );
    }
    expect(message(shares.map((share) => `regularization.${share}=2`))).toBe('no UserError');
    const names = Object.keys(partCodes).map((part) => `regularization.partWeights.${part}=0.5`);
    expect(message(names)).toBe('no UserError');
    expect(message(names.map((name) => name.replace('0.5', '0')))).toContain('above 0 for a part');
  });

  it.each([
    [30, 30],
    ['75%', 150],
    ['0%', 0],
    ['12.5%', 25],
    ['100%', 200],
  ])('keeps the full learning rate until %s of 200 iterations', (after, last) => {
    const learningRate = { schedule: 'linear', after, factor: 0.5 } as const;
    const config = trainConfig({ steps: 200, learningRate });
    expect(lastFullRate(config)).toBe(last);
    const rate = createSchedule(config, 'refiner');
    expect(rate(last)).toBeCloseTo(2e-4, 12);
    if (last < 200) expect(rate(last + 2)).toBeLessThan(2e-4);
    expect(rate(200)).toBeCloseTo(last < 200 ? 1e-4 : 2e-4, 12);
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

  it('warns of a drift that is never measured before the end, where λ is to follow it', () => {
    const { values } = presets.lifelike;
    const learningRate = { schedule: 'constant', after: 0, factor: 0 } as const;
    const warnings = (steps: number) =>
      configWarnings(trainConfig({ ...values, learningRate, steps }));
    expect(warnings(200)).toEqual([
      'λ stays as it is: nothing is measured before the end, as selection.every is 200 and the run has 200 iterations.',
    ]);
    expect(warnings(201)).toEqual([]);
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
