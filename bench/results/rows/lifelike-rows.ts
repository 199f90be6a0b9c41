import { type Row, rowsOf } from '../row.ts';

const row = rowsOf({ group: 'lifelike', preset: 'lifelike', minutes: 6, channels: [3, 1] });

/** No option of a network that another one does not have. */
const plainRefiner = ['refiner.features=0', 'refiner.blocks=0', 'refiner.padding=zero'];

/** Every pixel counts the same. */
const equalParts = ['eyes', 'brows', 'mouth', 'nose', 'background', 'hair', 'clothing', 'neck'].map(
  (part) => `regularization.partWeights.${part}=1`,
);

/** The default recipe with one of its parts taken away or exchanged. */
export const lifelikeRows: readonly Row[] = [
  row({
    name: 'lifelike-base',
    question: 'The recipe as it is, in the time of the ablations.',
  }),
  row({
    name: 'lifelike-no-augmentation',
    question: 'Does the discriminator learn where faces are if nothing moves its images?',
    set: ['adversarial.augmentation=[]'],
  }),
  row({
    name: 'lifelike-no-equalizer',
    question: 'What does the filter before the refiner contribute?',
    set: ['refiner.equalizer=false'],
  }),
  row({
    name: 'lifelike-fixed-weight',
    question: 'What does a λ that follows the drift contribute?',
    set: ['regularization.driftTarget=0'],
  }),
  row({
    name: 'lifelike-no-landmarks',
    question:
      'What does the landmark network in the regularizer contribute? λ as it was without it.',
    set: ['regularization.landmarks=0', 'regularization.weight=200'],
  }),
  row({
    name: 'lifelike-no-cutout',
    question: 'Must the discriminator do with parts of the image?',
    set: ['adversarial.augmentation=["translation"]'],
  }),
  row({
    name: 'lifelike-no-average',
    question: 'Is the average of the refiner better than its last step?',
    set: ['average.decay=0'],
  }),
  row({
    name: 'lifelike-both-features',
    question: 'Does the face network add to what the network of photographs sees?',
    set: ['discriminator.faceFeatures=true'],
  }),
  row({
    name: 'lifelike-smooth',
    question: 'Is a change without grain better?',
    set: ['refiner.change=smooth'],
  }),
  row({
    name: 'lifelike-rate-lower',
    question: 'What does the higher rate contribute?',
    set: ['learningRate.refiner=2e-4', 'learningRate.discriminator=2e-4'],
  }),
  row({
    name: 'lifelike-detail',
    question: 'Should detail that is there become stronger or softer?',
    set: ['refiner.change=detail'],
  }),
  row({
    name: 'lifelike-pixels-only',
    question: 'What do feature maps of a frozen network contribute to the discriminator?',
    set: ['discriminator.objectFeatures=false'],
  }),
  row({
    name: 'lifelike-two-field',
    question: 'Does a second discriminator of grain help?',
    set: ['discriminator.architecture=two-field'],
  }),
  row({
    name: 'lifelike-l1',
    question:
      'Are squares better than absolute values? λ as a mean of earlier trials, landmarks as strong as in the recipe.',
    set: [
      'regularization.norm=l1',
      'regularization.weight=10',
      'regularization.landmarks=100',
      'regularization.driftTarget=0',
    ],
  }),
  row({
    name: 'lifelike-last',
    question: 'What does selection contribute? The last refiner is exported.',
    set: ['selection.every=0', 'regularization.driftTarget=0'],
  }),
  row({
    name: 'lifelike-simgan-discriminator',
    question: 'What does the discriminator contribute?',
    set: ['discriminator.architecture=simgan-eyes'],
  }),
  row({
    name: 'lifelike-log-loss',
    question: 'What does the loss contribute?',
    set: ['adversarial.loss=log'],
  }),
  row({
    name: 'lifelike-no-history',
    question: 'Does the buffer of older refined images help here too?',
    set: ['history.capacity=0'],
  }),
  row({
    name: 'lifelike-colour-grid',
    question: 'How far do light and colour alone go, where geometry cannot move?',
    set: ['refiner.architecture=colour-grid', ...plainRefiner],
  }),
  row({
    name: 'lifelike-unet',
    question: 'Is a U-Net, which sees more of the image, better?',
    set: ['refiner.architecture=unet', ...plainRefiner],
  }),
  row({
    name: 'lifelike-no-part-weights',
    question: 'Do protected eyes and mouths allow more change elsewhere?',
    set: equalParts,
  }),
];
