import { z } from 'zod';
import { faceResNetTaps } from '../models/frozen/face-resnet.ts';
import type { Refuse } from './refuse.ts';

const weight = () => z.number().min(0).max(1e9);
const part = (name: string) => weight().default(1).describe(`How much ${name} counts.`);

const usualTaps = ['conv64_3'] as const;

/** What holds the annotation in place; a share of 0 costs nothing. */
export const regularizationSchema = z
  .strictObject({
    weight: weight()
      .default(0.5)
      .describe('λ, for the reduction above; with a target, where it begins.'),
    target: z
      .number()
      .min(0)
      .max(2)
      .default(0)
      .describe('Mean absolute change of the image that λ is adapted to hold; 0: λ stays.'),
    driftTarget: z
      .number()
      .min(0)
      .max(1000)
      .default(0)
      .describe(
        'Landmark drift that λ is adapted to hold after each measurement of selection, as a multiple of the noise floor; 0: λ stays.',
      ),
    norm: z.enum(['l1', 'l2']).default('l1').describe('Absolute or squared differences.'),
    difference: z
      .enum(['per-channel', 'channel-mean'])
      .default('per-channel')
      .describe('Mean of the channels’ differences, or difference of the channels’ means.'),
    pixels: weight()
      .default(1)
      .describe('Share of the difference of the pixels in the regularizer.'),
    squares: weight()
      .default(0)
      .describe('Share of the squared difference of the pixels, beside absolute ones.'),
    channelMeans: weight()
      .default(0)
      .describe('Share of the difference of the channels’ means, beside that of each channel.'),
    imageGradients: weight().default(0).describe('Share of the difference of the luma’s edges.'),
    tone: weight()
      .default(0)
      .describe('Share of the difference of local means of colour, which are complexion.'),
    luminance: weight().default(0).describe('Share of the difference of luma.'),
    chrominance: weight()
      .default(0)
      .describe('Share of the difference of Cb and Cr; grey images have none.'),
    totalVariation: weight().default(0).describe('Share of the total variation of the result.'),
    featureMaps: weight()
      .default(0)
      .describe('Share of the difference of a face network’s feature maps of the face.'),
    featureTaps: z
      .array(z.enum(faceResNetTaps))
      .min(1)
      .default([...usualTaps])
      .describe(
        'Which feature maps of the face ResNet, summed: early ones see edges, late ones parts.',
      ),
    identity: weight()
      .default(0)
      .describe('Share of 1 − cosine of the face network’s identity before and after.'),
    landmarks: weight()
      .default(0)
      .describe(
        'Share of the squared movement of the landmarks that a small face network finds, not the one that measures drift, in parts of the face’s box: 1 % of it is 0.0001.',
      ),
    withoutMasks: z
      .enum(['refuse', 'equal'])
      .default('refuse')
      .describe(
        'Where partWeights are set and no render has a part mask: refuse to train, or count all pixels the same (equal).',
      ),
    partWeights: z
      .strictObject({
        background: part('the backdrop'),
        skin: part('the skin'),
        nose: part('the nose'),
        eyes: part('the eyes'),
        brows: part('the brows'),
        ears: part('the ears'),
        mouth: part('the mouth, lips and inside,'),
        neck: part('the neck'),
        hair: part('the hair'),
        beard: part('the beard'),
        clothing: part('the clothing'),
        glasses: part('the glasses'),
      })
      .prefault({})
      .describe(
        'In the shares pixels, squares, channelMeans, imageGradients, tone, luminance and chrominance, by the renders’ part masks. With norm l2 the last three count the square of a weight, since they weigh the change before they measure it.',
      ),
  })
  .prefault({});

export type RegularizationConfig = z.output<typeof regularizationSchema>;

interface Given {
  readonly regularization: RegularizationConfig;
  readonly channels: number;
  readonly pretraining: { readonly refinerSteps: number };
  readonly selection: { readonly every: number; readonly driftLimit: number };
}

/** Whether λ changes in the course of a run. */
export function isWeightAdapted({ target, driftTarget }: RegularizationConfig): boolean {
  return target > 0 || driftTarget > 0;
}

/** Shares that compare images pixel by pixel, in grey too. */
const pixelShares = [
  'pixels',
  'squares',
  'channelMeans',
  'imageGradients',
  'tone',
  'luminance',
] as const;

/** Shares that are measured in `norm`, in grey too. */
const normedShares = [...pixelShares.filter((name) => name !== 'squares'), 'featureMaps'] as const;

/** Shares of images that are off unless they are set. */
const addedShares = [
  'squares',
  'channelMeans',
  'imageGradients',
  'tone',
  'luminance',
  'chrominance',
  'totalVariation',
] as const;

/** Shares that need frozen face networks. */
export const faceShares = ['featureMaps', 'identity', 'landmarks'] as const;

/** Whether a part counts otherwise than the others do by default, so that masks are needed. */
export function hasPartWeights({ partWeights }: RegularizationConfig): boolean {
  return Object.values(partWeights).some((weight) => weight !== 1);
}

/** Refuses values of which one would do nothing. */
export function checkRegularization(
  { regularization, channels, pretraining, selection }: Given,
  refuse: Refuse,
): void {
  const faces = faceShares.filter((name) => regularization[name] > 0);
  const chrominance = channels === 1 ? 0 : regularization.chrominance;
  const compared = [...pixelShares.map((name) => regularization[name]), chrominance];
  const shares = [...compared, regularization.totalVariation, faces.length];
  if (shares.every((share) => share === 0)) {
    const grey = regularization.chrominance > 0 ? ' and the images have no colour' : '';
    refuse('regularization.pixels', `above 0 where all other shares are 0${grey}`);
  }
  checkTargets(regularization, selection, refuse);
  if (regularization.weight === 0 && pretraining.refinerSteps === 0) {
    const set: string[] = [...addedShares.filter((name) => regularization[name] > 0), ...faces];
    if (hasPartWeights(regularization)) set.push('partWeights');
    if (set.length > 0) {
      refuse('regularization.weight', `above 0 where regularization.${set[0]} is set`);
    }
  }
  const { pixels, squares, difference } = regularization;
  if (difference === 'channel-mean' && pixels === 0 && squares === 0) {
    refuse(
      'regularization.difference',
      'per-channel where regularization.pixels and squares are 0',
    );
  }
  if (regularization.featureTaps.join() !== usualTaps.join() && regularization.featureMaps === 0) {
    refuse('regularization.featureTaps', `[${usualTaps}] where regularization.featureMaps is 0`);
  }
  if (regularization.squares > 0 && regularization.norm === 'l2') {
    refuse('regularization.squares', '0 for norm l2, with which regularization.pixels are squares');
  }
  if (new Set(regularization.featureTaps).size < regularization.featureTaps.length) {
    refuse('regularization.featureTaps', 'a list without duplicates, since taps are summed');
  }
  const normed = [...normedShares.map((name) => regularization[name]), chrominance];
  if (regularization.norm === 'l2' && normed.every((share) => share === 0)) {
    const grey = regularization.chrominance > 0 ? ' (grey images have none)' : '';
    refuse(
      'regularization.norm',
      `l1 where ${normedShares.join(', ')} and chrominance are 0${grey}`,
    );
  }
  if (regularization.channelMeans > 0 && regularization.difference === 'channel-mean') {
    refuse('regularization.channelMeans', '0 where regularization.pixels are channel-mean already');
  }
  if (!hasPartWeights(regularization)) return;
  if (compared.every((share) => share === 0)) {
    refuse(
      'regularization.partWeights',
      `1 for all where ${pixelShares.join(', ')} and chrominance are 0`,
    );
  }
  if (Object.values(regularization.partWeights).every((weight) => weight === 0)) {
    refuse('regularization.partWeights', 'above 0 for a part');
  }
}

function checkTargets(
  { target, driftTarget, weight }: RegularizationConfig,
  { every, driftLimit }: Given['selection'],
  refuse: Refuse,
): void {
  const name = target > 0 ? 'regularization.target' : 'regularization.driftTarget';
  if (target > 0 && driftTarget > 0) {
    refuse(
      'regularization.driftTarget',
      '0 where regularization.target is set: λ follows one of them',
    );
  }
  if ((target > 0 || driftTarget > 0) && weight === 0) {
    refuse('regularization.weight', `above 0 where ${name} is set`);
  }
  if (driftTarget > 0 && every === 0) {
    refuse('selection.every', 'above 0 where regularization.driftTarget is set (0 turns that off)');
  }
  if (driftTarget > driftLimit) {
    refuse(
      'regularization.driftTarget',
      `at most selection.driftLimit, ${driftLimit}: λ would hold the drift above what selection accepts`,
    );
  }
}
