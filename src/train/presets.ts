import type { TrainConfigInput } from './config.ts';

/**
 * A published or chosen recipe. `chosen` says why a value is what it is, for every key that the
 * source does not give.
 */
export interface Preset {
  readonly summary: string;
  readonly values: TrainConfigInput;
  readonly chosen: Readonly<Record<string, string>>;
}

/** The control: the adversarial game alone (Goodfellow et al. 2014, arXiv 1406.2661). */
const gan: Preset = {
  summary: 'The adversarial game with its log loss and nothing that holds the annotation.',
  values: {
    size: [64, 64],
    channels: 3,
    batchSize: 16,
    steps: 2000,
    refiner: { architecture: 'simgan-eyes' },
    discriminator: { architecture: 'simgan-eyes-global' },
    reduction: 'mean',
    regularization: { weight: 0 },
    history: { capacity: 0 },
    optimizer: { name: 'adam', beta1: 0.5 },
    learningRate: { refiner: 2e-4, discriminator: 2e-4 },
  },
  chosen: {
    size: 'as the presets for faces, to compare with',
    channels: 'the same',
    reduction: 'the mean over the batch is how the source states the value of the game',
    batchSize: 'a laptop holds it',
    steps: 'half an hour on two cores',
    optimizer: 'Adam with β₁ = 0.5, as DCGAN (arXiv 1511.06434) trains this game',
    learningRate: 'the same source',
  },
};

/** SimGAN for eyes (Shrivastava et al. 2017, arXiv 1612.07828, section 3.1 and appendix). */
const simganEyes: Preset = {
  summary: 'SimGAN for grey images of eyes, as published.',
  values: {
    size: [35, 55],
    channels: 1,
    batchSize: 512,
    steps: 10_000,
    refiner: { architecture: 'simgan-eyes' },
    discriminator: { architecture: 'simgan-eyes' },
    reduction: 'sum',
    regularization: { weight: 0.05, norm: 'l1', difference: 'channel-mean' },
    pretraining: { refinerSteps: 1000, discriminatorSteps: 200 },
    refinerStepsPerIteration: 2,
    discriminatorStepsPerIteration: 1,
    history: { capacity: 25_600 },
    optimizer: { name: 'sgd' },
    learningRate: { refiner: 0.001, discriminator: 0.001 },
    gradientClipping: 10,
    augmentation: { horizontalFlip: false },
  },
  chosen: {
    steps: 'not given; public recipes run 10,000',
    'regularization.weight':
      'not given; 0.05 for sums over 126 patches and 1,925 pixels is 0.75 for means',
    refinerStepsPerIteration:
      'the paper says “twice” and 50; 2 works in public re-implementations, 50 collapsed',
    'history.capacity': 'not given; the smallest of the public recipes that worked, 50 batches',
    optimizer: 'algorithm 1 says SGD; momentum is not given, so there is none',
    gradientClipping:
      'not given; gradients of sums are thousands long at first, and with this rate diverge in three steps',
    'augmentation.horizontalFlip': 'the gaze direction is the annotation',
  },
};

/** SimGAN for hands (same paper, section 3.2 and appendix). */
const simganHands: Preset = {
  summary: 'SimGAN for depth images of hands, as published.',
  values: {
    size: [224, 224],
    channels: 1,
    batchSize: 32,
    steps: 1_000_000,
    refiner: { architecture: 'simgan-hands' },
    discriminator: { architecture: 'simgan-hands' },
    reduction: 'sum',
    regularization: { weight: 0.0007, norm: 'l1', difference: 'channel-mean' },
    pretraining: { refinerSteps: 1000, discriminatorSteps: 200 },
    refinerStepsPerIteration: 2,
    discriminatorStepsPerIteration: 1,
    history: { capacity: 1600 },
    optimizer: { name: 'sgd' },
    learningRate: {
      refiner: 0.0002,
      discriminator: 0.0002,
      schedule: 'step',
      after: 600_000,
      factor: 0.25,
    },
    gradientClipping: 10,
    augmentation: { horizontalFlip: false },
  },
  chosen: {
    batchSize: 'not given; bounded by memory at this size',
    steps: 'not given; the rate drops after 600,000',
    'regularization.weight':
      'not given; 0.0007 for sums over 49 patches and 50,176 pixels is 0.75 for means',
    'pretraining.refinerSteps': 'as for eyes',
    'pretraining.discriminatorSteps': 'as for eyes',
    refinerStepsPerIteration: 'as for eyes',
    'history.capacity': 'not given; 50 batches, as for eyes, is 321 MB',
    optimizer: 'as for eyes',
    gradientClipping: 'as for eyes',
    'augmentation.horizontalFlip': 'a left hand is not a right hand',
  },
};

/** SimGAN adapted to faces, grey and colour (the report): the regularizer looks at each channel. */
const simganFaces: Preset = {
  summary: 'SimGAN for faces, grey or colour, with the per-channel regularizer.',
  values: {
    size: [64, 64],
    channels: 3,
    batchSize: 16,
    steps: 2000,
    refiner: { architecture: 'simgan-eyes' },
    discriminator: { architecture: 'simgan-eyes' },
    reduction: 'mean',
    regularization: { weight: 0.75, norm: 'l1', difference: 'per-channel' },
    pretraining: { refinerSteps: 100, discriminatorSteps: 50 },
    refinerStepsPerIteration: 2,
    discriminatorStepsPerIteration: 1,
    history: { capacity: 1024 },
    optimizer: { name: 'adam' },
    learningRate: { refiner: 2e-4, discriminator: 2e-4 },
    augmentation: { horizontalFlip: true },
  },
  chosen: {
    size: 'two cores train it in half an hour',
    batchSize: 'a laptop holds it',
    steps: 'half an hour on two cores',
    reduction: 'so that λ does not change its meaning with the size',
    'regularization.weight': 'the mean-reduced λ of public recipes that worked',
    'pretraining.refinerSteps': 'enough for the identity with Adam: the change falls below 0.05',
    'pretraining.discriminatorSteps': 'with Adam the discriminator is ahead by then',
    refinerStepsPerIteration: 'as for eyes',
    'history.capacity': '64 batches, 50 MB in colour',
    optimizer: 'sums under SGD diverge at this size; Adam does not depend on the scale of the loss',
    learningRate: 'the usual rate of Adam for adversarial training',
    'augmentation.horizontalFlip': 'a mirrored face is a face',
  },
};

/** CycleGAN (Zhu et al. 2017, arXiv 1703.10593, sections 3 and 4, appendix). */
const cyclegan: Preset = {
  summary: 'Two generators and two discriminators with a cycle; adversarial.loss=log as published.',
  values: {
    size: [64, 64],
    channels: 3,
    batchSize: 4,
    steps: 4000,
    refiner: { architecture: 'resnet-generator' },
    discriminator: { architecture: 'cyclegan' },
    adversarial: { loss: 'least-squares' },
    reduction: 'mean',
    regularization: { weight: 0 },
    cycle: { weight: 10, direction: 'both' },
    history: { capacity: 50 },
    optimizer: { name: 'adam', beta1: 0.5 },
    learningRate: {
      refiner: 2e-4,
      discriminator: 2e-4,
      schedule: 'linear',
      after: '50%',
      factor: 0,
    },
  },
  chosen: {
    size: 'as the presets for faces, to compare with',
    batchSize: 'the paper has 1; half of a discriminator batch comes from the pool here',
    steps: 'an hour on two cores; the rate falls in the second half, as published',
    channels: 'as the presets for faces',
    refiner:
      'the published form with 32 features instead of 64, a quarter of the work (refiner.features=64 is the paper’s)',
    discriminator:
      'the published form with 32 features instead of 64 (discriminator.features=64 is the paper’s), sized to the image: a field of 34 of 64 pixels',
    'adversarial.loss': 'what the authors train with',
    reduction: 'the means of the authors’ code',
    'regularization.weight': 'the cycle is the only thing that holds the image',
    'learningRate.discriminator': 'the same as the generators’',
    'optimizer.beta1': 'the authors’ code',
  },
};

/** SimGAN with a cycle as an annotation-preserving cost (the report's future work). */
const simganCycle: Preset = {
  summary: 'SimGAN for faces whose changes an inverse refiner must be able to undo.',
  values: {
    ...simganFaces.values,
    regularization: { weight: 0.25, norm: 'l1', difference: 'per-channel' },
    cycle: { weight: 1, direction: 'forward' },
  },
  chosen: {
    ...simganFaces.chosen,
    channels: 'as simgan-faces',
    refiner: 'as simgan-faces',
    discriminator: 'as simgan-faces',
    discriminatorStepsPerIteration: 'as simgan-faces',
    'regularization.norm': 'as simgan-faces',
    'regularization.difference': 'as simgan-faces',
    'regularization.weight': 'a third of simgan-faces: the cycle holds the rest',
    'cycle.weight': 'the same scale as the regularizer',
  },
};

/** Our own: what measures best, see docs/results.md. */
const lifelike: Preset = {
  summary: 'Our own recipe: moves from the first minute, holds labels, exports its best refiner.',
  values: {
    size: [64, 64],
    channels: 3,
    batchSize: 8,
    steps: 4000,
    refiner: { architecture: 'pixel-shuffle', blocks: 2, padding: 'reflect', equalizer: true },
    discriminator: { architecture: 'patch', objectFeatures: true },
    adversarial: { loss: 'hinge', augmentation: ['translation', 'cutout'] },
    reduction: 'mean',
    regularization: {
      weight: 100,
      driftTarget: 0.9,
      norm: 'l2',
      difference: 'per-channel',
      pixels: 0.1,
      imageGradients: 0.5,
      tone: 1,
      chrominance: 2,
      landmarks: 10,
      partWeights: {
        eyes: 4,
        brows: 4,
        mouth: 4,
        nose: 2,
        background: 0.5,
        hair: 0.5,
        clothing: 0.5,
        neck: 0.5,
      },
      withoutMasks: 'equal',
    },
    history: { capacity: 1024 },
    optimizer: { name: 'adam', beta1: 0.5 },
    learningRate: {
      refiner: 4e-4,
      discriminator: 4e-4,
      schedule: 'linear',
      after: '75%',
      factor: 0.1,
    },
    average: { decay: 0.995 },
    selection: { every: 200, images: 150 },
    stagnation: { window: 500 },
  },
  chosen: {
    size: 'as the presets for faces, to compare with',
    channels: 'grey with --set channels=1',
    batchSize: 'twice the iterations of 16 in equal time; the measured distance falls sooner',
    steps: 'less than half an hour on two cores',
    'refiner.architecture': 'a tenth of the work of the published network, the identity at first',
    'refiner.blocks': 'a pixel sees half of the image',
    'refiner.padding': 'no filter learns where the border is',
    'discriminator.architecture': 'sees no border and no position: it cannot learn where a face is',
    'discriminator.objectFeatures':
      'what a network of photographs knows need not be learned from a few hundred, and it sees grain and blur',
    'refiner.equalizer':
      'renders have other grain than photographs, in colour ten times as much; a filter is quicker than a game, and moves no edge',
    adversarial:
      'hinge keeps its gradient where log saturates; moved images hide the position, holes ask for more than one spot',
    reduction: 'so that no weight changes its meaning with the size',
    regularization:
      'squares let small changes pass and stop large ones; tone holds complexion, edges stay, and chroma keeps rainbow spots away',
    'regularization.landmarks':
      'a network that sees landmarks holds them with half of the λ: at equal realism they drift less',
    'regularization.driftTarget':
      'with the same λ some sets drift beyond the limit, and nothing after it can be used',
    'regularization.partWeights':
      'landmarks lie on eyes, brows, mouth and nose; with the same weight everywhere they move more for less realism',
    'regularization.withoutMasks': 'the default must take renders that have none',
    'history.capacity': '128 batches, 50 MB in colour',
    optimizer: 'Adam with β₁ = 0.5, usual for adversarial training',
    learningRate:
      'twice the usual rate: in equal time it closes a third more; four times is worse; it falls in the last quarter',
    average: 'the last 200 steps: single steps differ in tone',
    selection: 'longer training paints what photographs have and renders have not, smiles first',
    'stagnation.window':
      'batches of 8 are noisy: 200 iterations see no movement where there is one',
  },
};

/**
 * Two pathways and discriminators of parts (the idea of TP-GAN, Huang et al. 2017, arXiv
 * 1704.04086).
 */
const parts: Preset = {
  summary:
    'Local pathways and discriminators for both eyes, nose and mouth beside the whole image.',
  values: {
    ...lifelike.values,
    parts: { refiner: true, discriminator: true, side: 32 },
  },
  chosen: {
    ...lifelike.chosen,
    'parts.side': 'twice the pixels of an eye of a face that fills half of 64 pixels',
  },
};

/** The recipes that `--preset` names. */
export const presets = {
  gan,
  'simgan-eyes': simganEyes,
  'simgan-hands': simganHands,
  'simgan-faces': simganFaces,
  cyclegan,
  'simgan-cycle': simganCycle,
  parts,
  lifelike,
} satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof presets;

export const defaultPreset: PresetName = 'lifelike';
