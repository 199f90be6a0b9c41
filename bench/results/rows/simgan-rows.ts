import { type Channels, type Row, rowsOf } from '../row.ts';
import { smallRefiner } from './stagnation-rows.ts';

const row = rowsOf({ group: 'simgan', preset: 'simgan-faces', minutes: 6, channels: [3, 1] });

/** The mean over one channel is that channel: in grey such a row is the one that it is against. */
const colourAlone: readonly Channels[] = [3];

/**
 * The same questions with the small refiner, which makes several times as many iterations in the
 * six minutes: against `half-resolution` of the group on stagnation.
 */
const small = (name: string, question: string, ...set: readonly string[]) =>
  row({ name, question, set: [smallRefiner, ...set] });

const smallRows: readonly Row[] = [
  small(
    'small-l2',
    'Squared instead of absolute differences, after more iterations.',
    'regularization.norm=l2',
  ),
  row({
    name: 'small-channel-mean',
    question: 'The means of the channels alone, after more iterations.',
    channels: colourAlone,
    set: [smallRefiner, 'regularization.difference=channel-mean'],
  }),
  small(
    'small-feature-maps',
    'Feature maps of the face ResNet alone, after more iterations.',
    'regularization.featureMaps=1',
    'regularization.pixels=0',
  ),
  small(
    'small-no-history',
    'Without the buffer of older refined images: do artefacts come back?',
    'history.capacity=0',
  ),
  small(
    'small-global-discriminator',
    'One decision an image instead of one a patch: does the local loss matter?',
    'discriminator.architecture=simgan-eyes-global',
  ),
];

/**
 * What the sources of SimGAN on faces report, to be reproduced or refuted. With their refiner six
 * minutes are 50 to 100 iterations on one core: what a change does shows in kind, not in degree.
 */
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
    channels: colourAlone,
    set: ['regularization.difference=channel-mean'],
  }),
  row({
    name: 'feature-maps',
    question: 'Feature maps of the face ResNet instead of pixels: is there more room for texture?',
    set: ['regularization.featureMaps=1', 'regularization.pixels=0'],
  }),
  ...smallRows,
];
