import { type AugmentationNumbers, augment } from '../augment/augmentation.ts';
import {
  type AdversarialLoss,
  adversarialLosses,
  discriminatorAccuracy,
  logLoss,
  meanOverScales,
  realGradientPenalty,
} from '../losses/index.ts';
import { type PatchClass, patchClass } from '../models/index.ts';
import { constant } from '../tensor/operators/constant.ts';
import { add, multiply, subtract } from '../tensor/operators/elementwise.ts';
import { concat, slice } from '../tensor/operators/slice.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TrainConfig } from './config.ts';
import type { DiscriminatorParameters, Players } from './step.ts';

/** The adversarial loss that a configuration names. */
export function adversarialLossOf({ adversarial }: TrainConfig): AdversarialLoss {
  const { loss, realSmoothing } = adversarial;
  return loss === 'log' ? logLoss({ realSmoothing }) : adversarialLosses[loss];
}

/**
 * The share of patches on the right side of the boundary: score 0, but ½ for least squares, whose
 * targets are 0 and 1: there a perfect discriminator gives refined images scores around 0.
 */
function accuracyOf(logits: Tensor, truth: PatchClass, { adversarial }: TrainConfig): Tensor {
  if (adversarial.loss !== 'least-squares') return discriminatorAccuracy(logits, truth);
  const boundary = [0, 0];
  boundary[patchClass.real] = 0.5;
  return discriminatorAccuracy(subtract(logits, constant(boundary, [1, 2, 1, 1])), truth);
}

/** Images as a discriminator sees them. */
export function augmented(
  images: Tensor,
  numbers: AugmentationNumbers<Tensor> | undefined,
): Tensor {
  return numbers === undefined ? images : augment(numbers, images, { border: 'edge' });
}

export interface Side {
  readonly fake: Tensor;
  readonly real: Tensor;
  readonly numbers: AugmentationNumbers<Tensor> | undefined;
}

/** What one discriminator pays for its verdicts. */
export function judgeSide(
  { discriminator }: Pick<Players, 'discriminator'>,
  config: TrainConfig,
  parameters: DiscriminatorParameters<Tensor>['real'],
  { fake, real, numbers }: Side,
) {
  const { reduction, adversarial } = config;
  const loss = adversarialLossOf(config);
  // One pass over both batches: every layer, and the gradient of its weights, runs once.
  const seen = augmented(concat([fake, real]), numbers);
  const logits = discriminator.apply(parameters, seen);
  const [count] = fake.shape;
  const onFake = logits.map((scale) => slice(scale, 0, 0, count));
  const onReal = logits.map((scale) => slice(scale, 0, count, scale.shape[0]));
  const fakeLoss = meanOverScales(onFake, (l) => loss.discriminator(l, 'refined', reduction));
  const realLoss = meanOverScales(onReal, (l) => loss.discriminator(l, 'real', reduction));
  const both = add(fakeLoss, realLoss);
  const accuracy = {
    fakeAccuracy: meanOverScales(onFake, (l) => accuracyOf(l, 'refined', config)),
    realAccuracy: meanOverScales(onReal, (l) => accuracyOf(l, 'real', config)),
  };
  const parts = { fakeLoss, realLoss, ...accuracy };
  if (adversarial.gradientPenalty === 0) return { loss: both, ...parts, penalty: undefined };
  // Photographs as the loss sees them: a discriminator must be smooth there.
  const judged = numbers === undefined ? real : slice(seen, 0, count, seen.shape[0]);
  const penalty = realGradientPenalty(discriminator.apply(parameters, judged), judged, reduction);
  const penalized = add(both, multiply(penalty, adversarial.gradientPenalty));
  return { loss: penalized, ...parts, penalty };
}
