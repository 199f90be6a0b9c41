import { type Row, rowsOf } from '../row.ts';
import { smallRefiner } from './stagnation-rows.ts';

const row = rowsOf({ group: 'simgan', preset: 'simgan-faces', minutes: 6, channels: [3, 1] });

/**
 * The same questions with the small refiner, which makes several times as many iterations in the six
 * minutes: against `half-resolution` of the group on stagnation.
 */
const small = (name: string, question: string, ...set: readonly string[]) =>
  row({ name, question, channels: [3], set: [smallRefiner, ...set] });

const smallRows: readonly Row[] = [
  small(
    'small-l2',
    'Squared instead of absolute differences, after more iterations.',
    'regularization.norm=l2',
  ),
  small(
    'small-channel-mean',
    'The means of the channels alone, after more iterations.',
    'regularization.difference=channel-mean',
  ),
  small(
    'small-feature-maps',
    'Feature maps of the face ResNet alone, after more iterations.',
    'regularization.featureMaps=1',
    'regularization.pixels=0',
  ),
  small(
    'small-no-history',
    'Without the buffer of older refined images, after more iterations.',
    'history.capacity=0',
  ),
  small(
    'small-global-discriminator',
    'One decision an image instead of one a patch, after more iterations.',
    'discriminator.architecture=simgan-eyes-global',
  ),
];

/** What the sources of SimGAN on faces report, to be reproduced or refuted. */
export const simganRows: readonly Row[] = [
  row({
    name: 'base',
    question:
      'The recipe of the sources, L1 of every channel: do grey images hardly change, and coloured ones in tone alone?',
  }),
  row({
    name: 'l2',
    question: 'Squared instead of absolute differences: fewer, larger changes?',
    set: ['regularization.norm=l2'],
  }),
  row({
    name: 'channel-mean',
    question:
      'The published regularizer of the channels’ means: does it let the hue go where the per-channel one holds it?',
    set: ['regularization.difference=channel-mean'],
    channels: [3],
  }),
  row({
    name: 'feature-maps',
    question: 'Feature maps of the face ResNet instead of pixels: is there more room for texture?',
    set: ['regularization.featureMaps=1', 'regularization.pixels=0'],
  }),
  row({
    name: 'no-history',
    question: 'Without the buffer of older refined images: do artefacts come back?',
    set: ['history.capacity=0'],
  }),
  row({
    name: 'global-discriminator',
    question: 'One decision an image instead of one a patch: does the local loss matter?',
    set: ['discriminator.architecture=simgan-eyes-global'],
  }),
  row({
    name: 'weight-lower',
    question: 'λ a third: how much realism for how much label?',
    set: ['regularization.weight=0.25'],
  }),
  row({
    name: 'weight-higher',
    question: 'λ three times: how much label for how much realism?',
    set: ['regularization.weight=2.25'],
  }),
  ...smallRows,
];
