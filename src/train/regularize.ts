import { differenceNorm } from '../losses/difference-norm.ts';
import {
  chrominance,
  imageGradientLoss,
  luminance,
  type SelfRegularizationOptions,
  selfRegularizationLoss,
  toneLoss,
  totalVariationLoss,
} from '../losses/index.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { add, multiply, subtract } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TrainConfig } from './config.ts';
import { faceTerms } from './face-terms.ts';
import type { FrozenNetworks } from './frozen-networks.ts';

export interface Regularization {
  /** Σ weight · term, before λ. */
  readonly total: Tensor;
  /** The terms before their weights, by name, where there are several. */
  readonly terms: Readonly<Record<string, Tensor>>;
}

/** What some terms need beside the two images. */
export interface RegularizationAids {
  /** How much each pixel counts, `[batch, 1, height, width]`; left out where all count as 1. */
  readonly pixelWeights?: Tensor | undefined;
  /** Where `featureMaps`, `identity` or `landmarks` have a share. */
  readonly faces?: FrozenNetworks<HostTensor> | undefined;
  /**
   * The renders, whose labels they are, where the images compared with are not the renders
   * themselves.
   */
  readonly renders?: Tensor | undefined;
}

/**
 * What holds the annotation in place: the weighted sum of the terms that the configuration turns
 * on, each of pixels or feature maps with the reduction that all losses have; identity and
 * landmarks are one number an image.
 */
export function regularize(
  synthetic: Tensor,
  refined: Tensor,
  config: TrainConfig,
  { pixelWeights: weights, faces = {}, renders = synthetic }: RegularizationAids = {},
): Regularization {
  const { reduction, regularization } = config;
  const { norm, difference } = regularization;
  const face = faceTerms({ render: renders, reference: synthetic }, refined, config, faces);
  const ofPixels = (how: Pick<SelfRegularizationOptions, 'norm' | 'difference'>) =>
    selfRegularizationLoss(synthetic, refined, { ...how, reduction, weights });
  // Luma and chroma are linear: of the change it is one pass less than the change of both. Each is
  // traced alone, so that one without weight costs nothing.
  const ofChange = (part: (images: Tensor) => Tensor) => {
    const change = subtract(refined, synthetic);
    const counted = weights === undefined ? change : multiply(change, weights);
    return differenceNorm(part(counted), { norm, reduction });
  };
  const terms: Record<string, readonly [weight: number, term: () => Tensor]> = {
    pixelDifference: [regularization.pixels, () => ofPixels({ norm, difference })],
    squaredDifference: [regularization.squares, () => ofPixels({ norm: 'l2', difference })],
    channelMeanDifference: [
      regularization.channelMeans,
      () => ofPixels({ norm, difference: 'channel-mean' }),
    ],
    gradientDifference: [
      regularization.imageGradients,
      () => imageGradientLoss(synthetic, refined, { of: 'luminance', norm, reduction, weights }),
    ],
    toneDifference: [
      regularization.tone,
      () => toneLoss(synthetic, refined, { norm, reduction, weights }),
    ],
    luminanceDifference: [regularization.luminance, () => ofChange(luminance)],
    chrominanceDifference: [
      // Grey images have none: a colour recipe trains grey without it.
      synthetic.shape[1] === 1 ? 0 : regularization.chrominance,
      () => ofChange(chrominance),
    ],
    totalVariation: [regularization.totalVariation, () => totalVariationLoss(refined, reduction)],
    featureDistance: [regularization.featureMaps, face.featureDistance],
    identityDistance: [regularization.identity, face.identityDistance],
    landmarkDisplacement: [regularization.landmarks, face.landmarkDisplacement],
  };
  const used = Object.entries(terms).flatMap(([name, [weight, term]]) =>
    weight > 0 ? [{ name, weight, term: term() }] : [],
  );
  const total = used
    .map(({ weight, term }) => multiply(term, weight))
    .reduce((sum, term) => add(sum, term));
  const named = Object.fromEntries(used.map(({ name, term }) => [name, term]));
  return { total, terms: used.length > 1 ? named : {} };
}
