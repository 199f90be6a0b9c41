import type { Tree } from '../base/tree.ts';
import { meanOverScales } from '../losses/index.ts';
import { cropParts, faceParts, type OfParts } from '../models/index.ts';
import { add, multiply } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TrainConfig } from './config.ts';
import { adversarialLossOf, judgeSide } from './judge-side.ts';
import type { Objective } from './refiner-objective.ts';
import type { DiscriminatorImages, Players } from './step.ts';

/**
 * What the discriminators of the parts pay, the mean over the parts: each tells the part of freshly
 * refined images from that of photographs (the local discriminators of TP-GAN, Huang et al. 2017,
 * arXiv 1704.04086). Both are cut out by their landmarks and not augmented, and none comes from the
 * history, which keeps no landmarks.
 */
export function judgeParts(
  { partDiscriminator }: Players,
  config: TrainConfig,
  parameters: OfParts<Tree<Tensor>>,
  { fresh, images }: { readonly fresh: Tensor; readonly images: DiscriminatorImages<Tensor> },
): Objective {
  const { side } = config.parts;
  const fakes = cropParts(fresh, images.landmarks!, side);
  const reals = cropParts(images.real, images.realLandmarks!, side);
  const verdicts = faceParts.map((part) =>
    judgeSide({ discriminator: partDiscriminator! }, config, parameters[part], {
      fake: fakes[part],
      real: reals[part],
      numbers: undefined,
    }),
  );
  const penalties = verdicts.flatMap(({ penalty }) => (penalty === undefined ? [] : [penalty]));
  const metrics = {
    partsRefined: meanOf(verdicts.map(({ fakeLoss }) => fakeLoss)),
    partsReal: meanOf(verdicts.map(({ realLoss }) => realLoss)),
    partsAccuracyRefined: meanOf(verdicts.map(({ fakeAccuracy }) => fakeAccuracy)),
    partsAccuracyReal: meanOf(verdicts.map(({ realAccuracy }) => realAccuracy)),
    ...(penalties.length > 0 && { partsGradientPenalty: meanOf(penalties) }),
  };
  return [meanOf(verdicts.map(({ loss }) => loss)), metrics];
}

/** What the refiner pays to the discriminators of the parts, the mean over the parts. */
export function payParts(
  { partDiscriminator }: Players,
  config: TrainConfig,
  parameters: OfParts<Tree<Tensor>>,
  { refined, landmarks }: { readonly refined: Tensor; readonly landmarks: Tensor },
): Tensor {
  const crops = cropParts(refined, landmarks, config.parts.side);
  const { refiner } = adversarialLossOf(config);
  const paid = faceParts.map((part) =>
    meanOverScales(partDiscriminator!.apply(parameters[part], crops[part]), (logits) =>
      refiner(logits, config.reduction),
    ),
  );
  return meanOf(paid);
}

function meanOf(values: readonly Tensor[]): Tensor {
  const sum = values.reduce((a, b) => add(a, b));
  return multiply(sum, 1 / values.length);
}
