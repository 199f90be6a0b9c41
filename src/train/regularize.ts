import {
  imageGradientLoss,
  luminanceChrominanceLoss,
  selfRegularizationLoss,
  totalVariationLoss,
} from '../losses/index.ts';
import { add, multiply } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TrainConfig } from './config.ts';

export interface Regularization {
  /** Σ weight · term, before λ. */
  readonly total: Tensor;
  /** The terms before their weights, by name, where there are several. */
  readonly terms: Readonly<Record<string, Tensor>>;
}

/**
 * What holds the annotation in place: the weighted sum of the terms that the configuration turns on,
 * each with the reduction that all losses have.
 */
export function regularize(
  synthetic: Tensor,
  refined: Tensor,
  { reduction, regularization }: TrainConfig,
): Regularization {
  const { norm, difference, pixels, imageGradients, luminance, chrominance, totalVariation } =
    regularization;
  const terms: Record<string, readonly [weight: number, term: () => Tensor]> = {
    pixelDifference: [
      pixels,
      () => selfRegularizationLoss(synthetic, refined, { norm, difference, reduction }),
    ],
    gradientDifference: [
      imageGradients,
      () => imageGradientLoss(synthetic, refined, { of: 'luminance', norm, reduction }),
    ],
    luminanceDifference: [
      luminance,
      () => ofColour(synthetic, refined, { luminanceWeight: 1, chrominanceWeight: 0 }),
    ],
    chrominanceDifference: [
      chrominance,
      () => ofColour(synthetic, refined, { luminanceWeight: 0, chrominanceWeight: 1 }),
    ],
    totalVariation: [totalVariation, () => totalVariationLoss(refined, reduction)],
  };
  const ofColour = (
    original: Tensor,
    changed: Tensor,
    weights: { readonly luminanceWeight: number; readonly chrominanceWeight: number },
  ) => luminanceChrominanceLoss(original, changed, { ...weights, norm, reduction });
  const used = Object.entries(terms).flatMap(([name, [weight, term]]) =>
    weight > 0 ? [{ name, weight, term: term() }] : [],
  );
  const total = used
    .map(({ weight, term }) => multiply(term, weight))
    .reduce((sum, term) => add(sum, term));
  const named = Object.fromEntries(used.map(({ name, term }) => [name, term]));
  return { total, terms: used.length > 1 ? named : {} };
}
