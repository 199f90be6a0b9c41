import {
  cycleConsistencyLoss,
  identityMappingLoss,
  meanAbsoluteChange,
  meanOverScales,
} from '../losses/index.ts';
import { add, multiply } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { hasTwoDirections, type TrainConfig } from './config.ts';
import { payParts } from './judge-parts.ts';
import { adversarialLossOf, augmented } from './judge-side.ts';
import { regularize } from './regularize.ts';
import {
  type DiscriminatorParameters,
  type Players,
  type RefinerImages,
  type RefinerParameters,
  referenceOf,
} from './step.ts';

/** A loss, and scalars to log by name. */
export type Objective = readonly [loss: Tensor, metrics: Readonly<Record<string, Tensor>>];

/**
 * What the refiner, and with a cycle its inverse F, pay.
 *
 * SimGAN (Shrivastava et al. 2017, arXiv 1612.07828, equation 1):
 * `L_R = −Σ log(1 − D(R(x))) + λ ‖R(x) − x‖`.
 *
 * With `cycle.weight` μ and direction `forward` also `μ ‖F(R(x)) − x‖₁`: whatever R does must be
 * possible to undo. With direction `both` it is CycleGAN (Zhu et al. 2017, arXiv 1703.10593,
 * equation 3), where F has a discriminator of renders and the cycle is closed from photographs too,
 * and with `cycle.identityWeight` ν also `ν (‖R(y) − y‖₁ + ‖F(x) − x‖₁)`.
 *
 * With discriminators of the parts it pays the mean of what they say, too.
 */
export function refinerObjective(players: Players, config: TrainConfig) {
  return (
    parameters: RefinerParameters<Tensor>,
    discriminators: DiscriminatorParameters<Tensor>,
    images: RefinerImages<Tensor>,
  ): Objective => {
    const refined = players.refiner.apply(parameters.refiner, images.synthetic, images.landmarks);
    const reference = referenceOf(players, parameters, images.synthetic);
    const simgan = simganTerms(players, config, discriminators, { refined, reference, images });
    const cycle =
      config.cycle.weight > 0
        ? cycleTerms(players, config, parameters, { refined, discriminators, images })
        : { loss: undefined, metrics: {} };
    const loss = cycle.loss === undefined ? simgan.loss : add(simgan.loss, cycle.loss);
    return [loss, { refinerLoss: loss, ...simgan.metrics, ...cycle.metrics }];
  };
}

interface Terms {
  readonly refined: Tensor;
  /** What it is held to. */
  readonly reference: Tensor;
  readonly images: RefinerImages<Tensor>;
}

function simganTerms(
  players: Players,
  config: TrainConfig,
  { real, parts }: DiscriminatorParameters<Tensor>,
  { refined, reference, images }: Terms,
) {
  const { discriminator, frozen } = players;
  const { reduction, regularization } = config;
  const adversarial = adversarialLossOf(config);
  const seen = augmented(refined, images.augmentation?.[0]);
  const refinerAdversarial = meanOverScales(discriminator.apply(real, seen), (logits) =>
    adversarial.refiner(logits, reduction),
  );
  const { total, terms } = regularize(reference, refined, config, {
    pixelWeights: images.pixelWeights,
    faces: frozen,
    renders: images.synthetic,
  });
  const partsAdversarial =
    parts && payParts(players, config, parts, { refined, landmarks: images.landmarks! });
  const metrics = {
    refinerAdversarial,
    ...(partsAdversarial && { partsAdversarial }),
    selfRegularization: total,
    ...terms,
    meanAbsoluteChange: meanAbsoluteChange(images.synthetic, refined),
  };
  // Without λ the term is logged all the same, but nothing is computed for its gradient.
  const held = regularization.weight > 0;
  const game = partsAdversarial ? add(refinerAdversarial, partsAdversarial) : refinerAdversarial;
  const loss = held ? add(game, multiply(total, images.weight)) : game;
  return { loss, metrics };
}

function cycleTerms(
  { refiner, inverse, discriminator }: Players,
  config: TrainConfig,
  parameters: RefinerParameters<Tensor>,
  {
    refined,
    discriminators,
    images,
  }: Omit<Terms, 'reference'> & { discriminators: DiscriminatorParameters<Tensor> },
) {
  const { reduction, cycle } = config;
  const undo = (image: Tensor) => inverse!.apply(parameters.inverse!, image, images.landmarks);
  const redo = (image: Tensor) => refiner.apply(parameters.refiner, image);
  const weighted = (term: Tensor, weight: number) => multiply(term, weight);
  const { synthetic, real } = images;
  const cycleForward = cycleConsistencyLoss(synthetic, undo(refined), reduction);
  const forward = weighted(cycleForward, cycle.weight);
  if (!hasTwoDirections(config) || real === undefined) {
    return { loss: forward, metrics: { cycleForward } };
  }
  const rendered = undo(real);
  const seen = augmented(rendered, images.augmentation?.[1]);
  const inverseAdversarial = meanOverScales(
    discriminator.apply(discriminators.synthetic!, seen),
    (logits) => adversarialLossOf(config).refiner(logits, reduction),
  );
  const cycleBackward = cycleConsistencyLoss(real, redo(rendered), reduction);
  const closed = add(add(forward, weighted(cycleBackward, cycle.weight)), inverseAdversarial);
  const metrics = { cycleForward, cycleBackward, inverseAdversarial };
  if (cycle.identityWeight === 0) return { loss: closed, metrics };
  const identityMapping = add(
    identityMappingLoss(real, redo(real), reduction),
    identityMappingLoss(synthetic, undo(synthetic), reduction),
  );
  const loss = add(closed, weighted(identityMapping, cycle.identityWeight));
  return { loss, metrics: { ...metrics, identityMapping } };
}
