import { add } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TrainConfig } from './config.ts';
import { judgeParts } from './judge-parts.ts';
import { judgeSide } from './judge-side.ts';
import type { Objective } from './refiner-objective.ts';
import type { DiscriminatorImages, DiscriminatorParameters, Players } from './step.ts';

/** What each discriminator must tell from the real thing, `[batch, channels, height, width]`. */
export interface Fakes {
  readonly real: Tensor;
  readonly synthetic?: Tensor;
}

interface Judged {
  readonly fakes: Fakes;
  /** The fakes without the history's, whose landmarks are not kept. */
  readonly fresh: Tensor;
  readonly images: DiscriminatorImages<Tensor>;
}

/** The discriminators' loss, summed over all there are, with its terms by name. */
export function judge(
  players: Players,
  config: TrainConfig,
  parameters: DiscriminatorParameters<Tensor>,
  { fakes, fresh, images }: Judged,
): Objective {
  const whole = judgeWhole(players, config, parameters, { fakes, images });
  if (parameters.parts === undefined) return whole;
  const [loss, metrics] = judgeParts(players, config, parameters.parts, { fresh, images });
  return [add(whole[0], loss), { ...whole[1], ...metrics }];
}

/** Of whole images. */
function judgeWhole(
  players: Players,
  config: TrainConfig,
  parameters: DiscriminatorParameters<Tensor>,
  { fakes, images }: Pick<Judged, 'fakes' | 'images'>,
): Objective {
  const [first, second] = images.augmentation ?? [];
  const ofPhotographs = judgeSide(players, config, parameters.real, {
    fake: fakes.real,
    real: images.real,
    numbers: first,
  });
  const metrics = {
    discriminatorRefined: ofPhotographs.fakeLoss,
    discriminatorReal: ofPhotographs.realLoss,
    accuracyRefined: ofPhotographs.fakeAccuracy,
    accuracyReal: ofPhotographs.realAccuracy,
    ...(ofPhotographs.penalty && { gradientPenalty: ofPhotographs.penalty }),
  };
  if (parameters.synthetic === undefined || fakes.synthetic === undefined) {
    return [ofPhotographs.loss, metrics];
  }
  const ofRenders = judgeSide(players, config, parameters.synthetic, {
    fake: fakes.synthetic,
    real: images.synthetic,
    numbers: second,
  });
  return [
    add(ofPhotographs.loss, ofRenders.loss),
    {
      ...metrics,
      inverseDiscriminatorRefined: ofRenders.fakeLoss,
      inverseDiscriminatorReal: ofRenders.realLoss,
      inverseAccuracyRefined: ofRenders.fakeAccuracy,
      inverseAccuracyReal: ofRenders.realAccuracy,
      ...(ofRenders.penalty && { inverseGradientPenalty: ofRenders.penalty }),
    },
  ];
}
