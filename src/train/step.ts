import type { Tree } from '../base/tree.ts';
import {
  discriminatorAccuracy,
  meanAbsoluteChange,
  patchCrossEntropy,
  refinerAdversarialLoss,
  selfRegularizationLoss,
} from '../losses/index.ts';
import type { Discriminator, Refiner } from '../models/index.ts';
import {
  clipByGlobalNorm,
  exponentialMovingAverage,
  globalNorm,
  type Optimizer,
  type Scalars,
} from '../optim/index.ts';
import { valueAndGrad } from '../tensor/gradient.ts';
import { stopGradient } from '../tensor/operators/constant.ts';
import { add, multiply } from '../tensor/operators/elementwise.ts';
import { concat, slice } from '../tensor/operators/slice.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TrainConfig } from './config.ts';

/** The networks and optimizers that a step is made of. */
export interface Players {
  readonly refiner: Refiner;
  readonly discriminator: Discriminator;
  readonly refinerOptimizer: Optimizer;
  readonly discriminatorOptimizer: Optimizer;
}

/** What a refiner step changes. */
export type RefinerState<Leaf> = {
  readonly parameters: Tree<Leaf>;
  readonly optimizer: Tree<Leaf>;
  /** The exponential moving average of the parameters; an empty record where it is off. */
  readonly average: Tree<Leaf>;
};

/** What a discriminator step changes. */
export type DiscriminatorState<Leaf> = {
  readonly parameters: Tree<Leaf>;
  readonly optimizer: Tree<Leaf>;
};

/** A step's result: the next state, and scalars to log by name. */
export type StepResult<State> = {
  readonly state: State;
  readonly metrics: Readonly<Record<string, Tensor>>;
};

type Losses = Pick<TrainConfig, 'reduction' | 'regularization' | 'gradientClipping' | 'average'>;

/**
 * The refiner's step on the regularizer alone (SimGAN, algorithm 1, the pre-training of section 3):
 * `L = λ-free ‖R(x) − x‖`.
 */
export function refinerPretrainingStep(players: Players, config: Losses) {
  return (state: RefinerState<Tensor>, scalars: Scalars<Tensor>, synthetic: Tensor) =>
    updateRefiner(players, config, { state, scalars }, (parameters) => {
      const refined = players.refiner.apply(parameters, synthetic);
      const selfRegularization = regularize(synthetic, refined, config);
      const change = meanAbsoluteChange(synthetic, refined);
      return [selfRegularization, { selfRegularization, meanAbsoluteChange: change }];
    });
}

/**
 * The refiner's step through a discriminator that stays as it is (SimGAN, equation 1):
 * `L_R = −Σ log(1 − D(R(x))) + λ ‖R(x) − x‖`.
 */
export function refinerStep(players: Players, config: Losses) {
  return (
    state: RefinerState<Tensor>,
    discriminator: Tree<Tensor>,
    scalars: Scalars<Tensor>,
    synthetic: Tensor,
  ) =>
    updateRefiner(players, config, { state, scalars }, (parameters) => {
      const refined = players.refiner.apply(parameters, synthetic);
      const logits = players.discriminator.apply(discriminator, refined);
      const refinerAdversarial = refinerAdversarialLoss(logits, config.reduction);
      const selfRegularization = regularize(synthetic, refined, config);
      const loss = add(
        refinerAdversarial,
        multiply(selfRegularization, config.regularization.weight),
      );
      const change = meanAbsoluteChange(synthetic, refined);
      return [
        loss,
        { refinerLoss: loss, refinerAdversarial, selfRegularization, meanAbsoluteChange: change },
      ];
    });
}

/**
 * The discriminator's step (SimGAN, equation 2, with the history of section 2.3):
 * `L_D = −Σ log D(R(x)) − Σ log(1 − D(y))`. The refined batch is made by the refiner as it is now;
 * with a history it is half a batch, and the other half is `history`.
 */
export function discriminatorStep(players: Players, config: Losses) {
  return (
    state: DiscriminatorState<Tensor>,
    refiner: Tree<Tensor>,
    scalars: Scalars<Tensor>,
    images: DiscriminatorImages,
  ): StepResult<DiscriminatorState<Tensor>> & { readonly refined: Tensor } => {
    const fresh = stopGradient(players.refiner.apply(refiner, images.synthetic));
    const refined = images.history === undefined ? fresh : concat([fresh, images.history]);
    const step = valueAndGrad<Tree<Tensor>, Readonly<Record<string, Tensor>>>((parameters) => {
      // One pass over both batches: every layer, and the gradient of its weights, runs once.
      const logits = players.discriminator.apply(parameters, concat([refined, images.real]));
      const [count] = refined.shape;
      const onRefined = slice(logits, 0, 0, count);
      const onReal = slice(logits, 0, count, logits.shape[0]);
      const refinedLoss = patchCrossEntropy(onRefined, 'refined', config.reduction);
      const realLoss = patchCrossEntropy(onReal, 'real', config.reduction);
      const metrics = {
        discriminatorRefined: refinedLoss,
        discriminatorReal: realLoss,
        accuracyRefined: discriminatorAccuracy(onRefined, 'refined'),
        accuracyReal: discriminatorAccuracy(onReal, 'real'),
      };
      return [add(refinedLoss, realLoss), metrics];
    });
    const { value, gradient, extra } = step(state.parameters);
    const { gradients, norm } = clipped(gradient, config);
    const next = players.discriminatorOptimizer.update({
      gradients,
      state: state.optimizer,
      parameters: state.parameters,
      scalars,
    });
    return {
      state: { parameters: next.parameters, optimizer: next.state },
      metrics: { discriminatorLoss: value, ...extra, discriminatorGradientNorm: norm },
      refined: fresh,
    };
  };
}

export type DiscriminatorImages = {
  /** `[batch / 2, …]` with a history, `[batch, …]` without one. */
  readonly synthetic: Tensor;
  readonly history?: Tensor;
  readonly real: Tensor;
};

function regularize(synthetic: Tensor, refined: Tensor, { reduction, regularization }: Losses) {
  const { norm, difference } = regularization;
  return selfRegularizationLoss(synthetic, refined, { norm, difference, reduction });
}

function clipped(gradients: Tree<Tensor>, { gradientClipping }: Losses) {
  if (gradientClipping === 0) return { gradients, norm: globalNorm(gradients) };
  return clipByGlobalNorm(gradients, gradientClipping);
}

function updateRefiner(
  { refinerOptimizer }: Players,
  config: Losses,
  { state, scalars }: { state: RefinerState<Tensor>; scalars: Scalars<Tensor> },
  loss: (parameters: Tree<Tensor>) => readonly [Tensor, Readonly<Record<string, Tensor>>],
): StepResult<RefinerState<Tensor>> {
  const { gradient, extra } = valueAndGrad(loss)(state.parameters);
  const { gradients, norm } = clipped(gradient, config);
  const { optimizer, parameters: before } = state;
  const next = refinerOptimizer.update({
    gradients,
    state: optimizer,
    parameters: before,
    scalars,
  });
  const { decay } = config.average;
  const average =
    decay === 0 ? {} : exponentialMovingAverage(state.average, next.parameters, decay);
  return {
    state: { parameters: next.parameters, optimizer: next.state, average },
    metrics: { ...extra, refinerGradientNorm: norm },
  };
}
