import { type Row, rowsOf } from '../row.ts';
import { smallRefiner } from './stagnation-rows.ts';

const row = rowsOf({ group: 'simgan', preset: 'simgan-faces', minutes: 6, channels: [3, 1] });

/**
 * With the refiner of the sources six minutes are 50 to 100 iterations, so that what one change of
 * it does shows in kind, not in degree: one run a row.
 */
const full = (name: string, question: string, ...set: readonly string[]) =>
  row({ name, question, channels: [3], seeds: [1], set });

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
    channels: [3],
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

/** What the sources of SimGAN on faces report, to be reproduced or refuted. */
export const simganRows: readonly Row[] = [
  row({
    name: 'base',
    question:
      'The recipe of the sources, L1 of every channel: do grey images hardly change, and coloured ones in tone alone?',
  }),
  full(
    'l2',
    'Squared instead of absolute differences: fewer, larger changes?',
    'regularization.norm=l2',
  ),
  full(
    'channel-mean',
    'The published regularizer of the channels’ means: does it let the hue go where the per-channel one holds it?',
    'regularization.difference=channel-mean',
  ),
  full(
    'feature-maps',
    'Feature maps of the face ResNet instead of pixels: is there more room for texture?',
    'regularization.featureMaps=1',
    'regularization.pixels=0',
  ),
  ...smallRows,
];
