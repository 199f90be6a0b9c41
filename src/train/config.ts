import { z } from 'zod';
import { augmentationKinds } from '../augment/augmentation.ts';
import { type AdversarialLossName, adversarialLosses } from '../losses/index.ts';
import { checkNetworks, discriminatorSchema, refinerSchema } from './network-config.ts';
import { createDiscriminator, createRefiner } from './networks.ts';
import { checkParts, partsSchema } from './parts-config.ts';
import type { Refuse } from './refuse.ts';
import { checkRegularization, regularizationSchema } from './regularization-config.ts';
import { selectionSchema } from './selection-config.ts';

const adversarialNames = Object.keys(adversarialLosses) as AdversarialLossName[];
const weight = () => z.number().min(0).max(1e9);

const count = () => z.int().min(0).max(1e9);
const positive = () => z.int().min(1).max(1e9);
const sides = z.tuple([z.int().min(8).max(4096), z.int().min(8).max(4096)]);

/** One number, `[height, width]`, or `"35x55"`; becomes `[height, width]`. */
const size = z
  .preprocess((value) => {
    if (typeof value === 'number') return [value, value];
    const match = typeof value === 'string' ? /^(\d+)(?:x(\d+))?$/.exec(value) : null;
    return match ? [Number(match[1]), Number(match[2] ?? match[1])] : value;
  }, sides)
  .meta({ expected: 'pixels from 8 to 4096, such as 64 or 35x55' });

/** An iteration, or a share of all of them. */
const iterationOrShare = z
  .union([count(), z.string().regex(/^(\d{1,2}(\.\d+)?|100)%$/)])
  .meta({ expected: 'a number of iterations, such as 3000, or a share of all, such as 75%' });

const keys = z.strictObject({
  size: size
    .default([64, 64])
    .describe('Pixels of the training images: one number, or height and width as 35x55.'),
  channels: z
    .union([z.literal(1), z.literal(3)])
    .default(3)
    .describe('1 trains on luma, 3 on RGB.'),
  batchSize: z
    .int()
    .min(2)
    .max(4096)
    .multipleOf(2)
    .default(16)
    .describe('Images a step; even, because half of a discriminator batch comes from the history.'),
  steps: positive().default(2000).describe('Adversarial iterations in total.'),
  seed: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(1)
    .describe('Decides weights, order of the images, flips and history.'),
  threads: z
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .describe('Threads inside an operator; 0: one a core. Equal results need equal threads.'),
  refiner: refinerSchema,
  discriminator: discriminatorSchema,
  parts: partsSchema,
  reduction: z
    .enum(['sum', 'mean'])
    .default('mean')
    .describe(
      'How losses of patches and pixels become one number: their sum, or their mean; always the mean over the batch. identity and landmarks of the regularizer are one number an image already. λ means nothing without it.',
    ),
  adversarial: z
    .strictObject({
      loss: z
        .enum(adversarialNames)
        .default('log')
        .describe('What both players of the game pay; log as published.'),
      realSmoothing: z
        .number()
        .min(0)
        .lt(0.5)
        .default(0)
        .describe('Of loss log: the target of photographs is 1 minus this.'),
      gradientPenalty: weight()
        .default(0)
        .describe('γ of the zero-centred gradient penalty on photographs (R₁); 0: off.'),
      augmentation: z
        .array(z.enum(augmentationKinds))
        .default([])
        .describe(
          'Differentiable augmentation of all that a discriminator of whole images sees, on both sides.',
        ),
    })
    .prefault({}),
  regularization: regularizationSchema,
  cycle: z
    .strictObject({
      weight: weight()
        .default(0)
        .describe('Of the cycle-consistency loss, with an inverse refiner; 0: there is none.'),
      direction: z
        .enum(['forward', 'both'])
        .default('forward')
        .describe('From renders only (SimGAN with a cycle), or from photographs too (CycleGAN).'),
      identityWeight: weight()
        .default(0)
        .describe('Of the identity-mapping loss; only with direction both.'),
    })
    .prefault({}),
  pretraining: z
    .strictObject({
      refinerSteps: count().default(0).describe('Steps on the regularizer alone, first of all.'),
      discriminatorSteps: count().default(0).describe('Discriminator steps before the game.'),
    })
    .prefault({}),
  refinerStepsPerIteration: positive().default(1).describe('K_g: refiner steps an iteration.'),
  discriminatorStepsPerIteration: positive()
    .default(1)
    .describe('K_d: discriminator steps an iteration.'),
  history: z
    .strictObject({
      capacity: count()
        .default(0)
        .describe('Refined images kept; half of each discriminator batch comes from them. 0: off.'),
    })
    .prefault({}),
  optimizer: z
    .strictObject({
      name: z.enum(['adam', 'sgd']).default('adam').describe('Of both networks.'),
      momentum: z.number().min(0).lt(1).default(0).describe('Of sgd: what stays of the last step.'),
      beta1: z.number().min(0).lt(1).default(0.9).describe('Of adam: decay of the mean.'),
      beta2: z.number().min(0).lt(1).default(0.999).describe('Of adam: decay of the square.'),
      epsilon: z
        .number()
        .positive()
        .default(1e-8)
        .describe('Of adam: added to the root of the square.'),
    })
    .prefault({}),
  learningRate: z
    .strictObject({
      refiner: z.number().positive().default(2e-4).describe('Of the refiner, at first.'),
      discriminator: z
        .number()
        .positive()
        .default(2e-4)
        .describe('Of the discriminator, at first.'),
      schedule: z
        .enum(['constant', 'step', 'linear'])
        .default('constant')
        .describe(
          '`step` multiplies by `factor` after iteration `after`; `linear` goes from there to `factor` at the last iteration.',
        ),
      after: iterationOrShare
        .default(0)
        .describe(
          'The last iteration with the full rate, or its share of all, such as 75%; a share is that of the time where --minutes end the run sooner.',
        ),
      factor: z.number().min(0).default(0).describe('What remains of the rate.'),
    })
    .prefault({}),
  gradientClipping: z
    .number()
    .min(0)
    .default(0)
    .describe('Longest gradient over all tensors of a network; 0: off.'),
  average: z
    .strictObject({
      decay: z
        .number()
        .min(0)
        .lt(1)
        .default(0)
        .describe('Of the exponential moving average of the refiner that is exported; 0: off.'),
    })
    .prefault({}),
  augmentation: z
    .strictObject({
      horizontalFlip: z.boolean().default(true).describe('Mirrors half of the images.'),
    })
    .prefault({}),
  data: z
    .strictObject({
      maxBroken: z
        .number()
        .min(0)
        .max(1)
        .default(0.05)
        .describe('Share of unreadable images above which the run stops.'),
      cacheMegabytes: count().default(512).describe('Decoded images kept in memory, a folder.'),
    })
    .prefault({}),
  checkpoints: z
    .strictObject({
      every: positive().default(200).describe('Steps of any phase between checkpoints.'),
      keep: positive().default(2).describe('Checkpoints kept.'),
    })
    .prefault({}),
  samples: z
    .strictObject({
      every: positive().default(200).describe('Iterations between sample pictures.'),
      count: z.int().min(1).max(64).default(8).describe('Images in a sample picture.'),
    })
    .prefault({}),
  selection: selectionSchema,
  stagnation: z
    .strictObject({
      window: z
        .int()
        .min(20)
        .max(1e6)
        .default(200)
        .describe('Iterations that the stagnation notice looks back on.'),
    })
    .prefault({}),
});

export type TrainConfig = z.output<typeof keys>;
export type TrainConfigInput = z.input<typeof keys>;

/** Values that fit each for itself, but of which one would do nothing or break the game. */
function checkTogether(config: TrainConfig, context: z.RefinementCtx): void {
  const { batchSize, history, learningRate, optimizer, adversarial, cycle } = config;
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: path.split('.'), message });
  if (history.capacity > 0 && history.capacity < batchSize / 2) {
    refuse('history.capacity', `0, or at least the ${batchSize / 2} images of half a batch`);
  }
  if (
    learningRate.schedule === 'constant' &&
    (lastFullRate(config) > 0 || learningRate.factor > 0)
  ) {
    refuse('learningRate.schedule', 'step or linear where learningRate.after or .factor is set');
  }
  if (optimizer.name === 'adam' && optimizer.momentum > 0) {
    refuse('optimizer.momentum', '0 for adam, whose optimizer.beta1 has its part');
  }
  checkSgd(config, refuse);
  if (adversarial.loss !== 'log' && adversarial.realSmoothing > 0) {
    refuse('adversarial.realSmoothing', '0 unless adversarial.loss is log');
  }
  if (config.refiner.equalizer && config.regularization.target > 0) {
    refuse('regularization.target', '0 with refiner.equalizer, whose own change λ cannot hold');
  }
  if (new Set(adversarial.augmentation).size < adversarial.augmentation.length) {
    refuse('adversarial.augmentation', 'a list without duplicates');
  }
  checkSelection(config, refuse);
  if (cycle.weight === 0 && cycle.direction === 'both') {
    refuse('cycle.weight', 'above 0 where cycle.direction is both');
  }
  if (cycle.direction === 'forward' && cycle.identityWeight > 0) {
    refuse('cycle.identityWeight', '0 unless cycle.direction is both');
  }
  if (cycle.identityWeight > 0 && config.refiner.equalizer) {
    refuse(
      'cycle.identityWeight',
      '0 with refiner.equalizer: the refiner would have to undo the filter on photographs',
    );
  }
  checkNetworks(config, refuse);
  checkRegularization(config, refuse);
  checkSize(config, refuse);
  checkParts(config, refuse);
}

/** What only a measured refiner has would be ignored. */
function checkSelection({ selection }: TrainConfig, refuse: Refuse): void {
  if (selection.every > 0) return;
  const unset = selectionSchema.parse({});
  for (const name of ['holdOut', 'driftLimit'] as const) {
    if (selection[name] !== unset[name]) {
      refuse('selection.every', `above 0 where selection.${name} is set`);
    }
  }
}

/** What adam alone has would be ignored. */
function checkSgd({ optimizer }: TrainConfig, refuse: Refuse): void {
  if (optimizer.name !== 'sgd') return;
  const unset = trainConfig().optimizer;
  for (const name of ['beta1', 'beta2', 'epsilon'] as const) {
    if (optimizer[name] !== unset[name]) {
      refuse(`optimizer.${name}`, `${unset[name]}, its default, for sgd, which has no such option`);
    }
  }
}

/** Networks that halve the image need sizes that can be halved so often. */
function checkSize(config: TrainConfig, refuse: Refuse): void {
  const { size } = config;
  const networks = [createRefiner(config), createDiscriminator(config)];
  for (const { multipleOf = 1 } of networks) {
    if (size.some((pixels) => pixels % multipleOf !== 0)) {
      refuse('size', `multiples of ${multipleOf} for these networks`);
    }
  }
}

/** Images that the refiner makes for one discriminator step; the rest comes from the history. */
export function freshCount(config: TrainConfig): number {
  return config.history.capacity > 0 ? config.batchSize / 2 : config.batchSize;
}

/**
 * The last iteration with the full learning rate, counted from 1; 0 where it falls from the first.
 */
export function lastFullRate({ learningRate, steps }: TrainConfig): number {
  const { after } = learningRate;
  return typeof after === 'number' ? after : Math.round((Number.parseFloat(after) / 100) * steps);
}

/**
 * Whether the rate falls with the time of a run that has some given, too: where the fall is a
 * share.
 */
export function fallsWithTime({ schedule, after }: TrainConfig['learningRate']): boolean {
  return schedule !== 'constant' && typeof after === 'string';
}

/** Whether there is a cycle from photographs too, and with it a discriminator of renders. */
export function hasTwoDirections({ cycle }: TrainConfig): boolean {
  return cycle.weight > 0 && cycle.direction === 'both';
}

/**
 * Everything that decides how a refiner is trained. Presets are plain values of it; a value that a
 * preset leaves out has the default given here.
 */
export const trainConfigSchema = keys.superRefine(checkTogether);

/** The configuration with a default for every key that is left out. */
export function trainConfig(values: TrainConfigInput = {}): TrainConfig {
  return trainConfigSchema.parse(values);
}

/** What a user may not have meant, one sentence each. */
export function configWarnings(config: TrainConfig): string[] {
  const { learningRate, steps, regularization, selection } = config;
  const warnings: string[] = [];
  if (learningRate.schedule !== 'constant' && lastFullRate(config) >= steps) {
    warnings.push(
      `The learning rate stays as it is: learningRate.after is ${learningRate.after}, and the run has ${steps} iterations.`,
    );
  }
  if (regularization.driftTarget > 0 && selection.every >= steps) {
    warnings.push(
      `λ stays as it is: nothing is measured before the end, as selection.every is ${selection.every} and the run has ${steps} iterations.`,
    );
  }
  return warnings;
}
