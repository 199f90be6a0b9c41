import type { AugmentationNumbers } from '../augment/augmentation.ts';
import type { Tree } from '../base/tree.ts';
import { meanAbsoluteChange } from '../losses/index.ts';
import type { MultiScaleDiscriminator, OfParts, Refiner } from '../models/index.ts';
import {
  clipByGlobalNorm,
  exponentialMovingAverage,
  globalNorm,
  type Optimizer,
  type Scalars,
} from '../optim/index.ts';
import { valueAndGrad } from '../tensor/gradient.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { stopGradient } from '../tensor/operators/constant.ts';
import { add } from '../tensor/operators/elementwise.ts';
import { concat, slice } from '../tensor/operators/slice.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { freshCount, hasTwoDirections, type TrainConfig } from './config.ts';
import type { FrozenNetworks } from './frozen-networks.ts';
import { type Fakes, judge } from './judge.ts';
import { type Objective, refinerObjective } from './refiner-objective.ts';
import { regularize } from './regularize.ts';

/** The networks and optimizers that a step is made of. */
export interface Players {
  readonly refiner: Refiner;
  /** Makes renders of photographs and of refined images; only with a cycle. */
  readonly inverse?: Refiner;
  /** Of photographs and refined images; with a cycle in both directions also of renders. */
  readonly discriminator: MultiScaleDiscriminator;
  /** Of one part of the face, with parameters of its own for each; only where parts are judged. */
  readonly partDiscriminator?: MultiScaleDiscriminator;
  readonly refinerOptimizer: Optimizer;
  readonly discriminatorOptimizer: Optimizer;
  /** Frozen networks: terms of the regularizer look through those of faces. */
  readonly frozen?: FrozenNetworks<HostTensor>;
}

/** What refined images are held to, see `Refiner`. */
export function referenceOf(
  { refiner }: Players,
  parameters: RefinerParameters<Tensor>,
  images: Tensor,
): Tensor {
  return refiner.reference?.(parameters.refiner, images) ?? images;
}

/** The networks that make images. */
export type RefinerParameters<Leaf> = {
  readonly refiner: Tree<Leaf>;
  readonly inverse?: Tree<Leaf>;
};

/** The networks that judge images: those of photographs, and those of renders. */
export type DiscriminatorParameters<Leaf> = {
  readonly real: Tree<Leaf>;
  readonly synthetic?: Tree<Leaf>;
  /** Those of the parts of photographs. */
  readonly parts?: OfParts<Tree<Leaf>>;
};

/** What a refiner step changes. */
export type RefinerState<Leaf> = {
  readonly parameters: RefinerParameters<Leaf>;
  readonly optimizer: Tree<Leaf>;
  /** The exponential moving average of the refiner; an empty record where it is off. */
  readonly average: Tree<Leaf>;
};

/** What a discriminator step changes. */
export type DiscriminatorState<Leaf> = {
  readonly parameters: DiscriminatorParameters<Leaf>;
  readonly optimizer: Tree<Leaf>;
};

/** A step's result: the next state, and scalars to log by name. */
export type StepResult<State> = {
  readonly state: State;
  readonly metrics: Readonly<Record<string, Tensor>>;
};

/** Renders, and what is known of them. */
export type Renders<Leaf> = {
  /** `[batch, channels, height, width]` */
  readonly synthetic: Leaf;
  /** In pixels, `[batch, 68, 2]`; only where parts have networks of their own. */
  readonly landmarks?: Leaf;
  /** How much each pixel counts, `[batch, 1, height, width]`; only with weights of the parts. */
  readonly pixelWeights?: Leaf;
};

/** What a refiner step is fed beside the state. */
export type RefinerImages<Leaf> = Renders<Leaf> & {
  /** Only with a cycle in both directions. */
  readonly real?: Leaf;
  /** λ, which an adaptive run changes. */
  readonly weight: Leaf;
  /** One set of numbers a discriminator; only with augmentation. */
  readonly augmentation?: readonly AugmentationNumbers<Leaf>[];
};

/** What a discriminator step is fed beside the state. */
export type DiscriminatorImages<Leaf> = {
  /**
   * `[batch / 2, …]` with a history, `[batch, …]` without one or with a cycle in both directions.
   */
  readonly synthetic: Leaf;
  /** `[batch / 2, channels, …]`, or twice the channels with a cycle in both directions. */
  readonly history?: Leaf;
  readonly real: Leaf;
  /** In pixels, `[batch, 68, 2]`, of `synthetic` and of `real`; only with networks of the parts. */
  readonly landmarks?: Leaf;
  readonly realLandmarks?: Leaf;
  readonly augmentation?: readonly AugmentationNumbers<Leaf>[];
};

/** What the networks make images of: renders, and in two directions photographs. */
export type FreshImages<Leaf> = {
  readonly synthetic: Leaf;
  readonly landmarks?: Leaf;
  readonly real?: Leaf;
};

/**
 * The refiner's step on the regularizer alone (SimGAN, section 3): `L = ‖R(x) − x‖`, without λ.
 * With a cycle the inverse refiner F learns `‖F(x) − x‖` beside it: the first steps of a cycle
 * through an F of random weights would undo what the refiner has learned.
 */
export function refinerPretrainingStep(players: Players, config: TrainConfig) {
  return (
    state: RefinerState<Tensor>,
    scalars: Scalars<Tensor>,
    { synthetic, landmarks, pixelWeights }: Renders<Tensor>,
  ): StepResult<RefinerState<Tensor>> =>
    updateRefiner(players, config, { state, scalars }, (parameters) => {
      const aids = { pixelWeights, faces: players.frozen };
      const refined = players.refiner.apply(parameters.refiner, synthetic, landmarks);
      const reference = referenceOf(players, parameters, synthetic);
      const renders = synthetic;
      const { total, terms } = regularize(reference, refined, config, { ...aids, renders });
      const change = meanAbsoluteChange(synthetic, refined);
      const metrics = { ...terms, selfRegularization: total, meanAbsoluteChange: change };
      if (parameters.inverse === undefined) return [total, metrics];
      const rendered = players.inverse!.apply(parameters.inverse, synthetic, landmarks);
      const inverseRegularization = regularize(synthetic, rendered, config, aids).total;
      return [add(total, inverseRegularization), { ...metrics, inverseRegularization }];
    });
}

/**
 * The refiner's step through discriminators that stay as they are, see {@link refinerObjective}.
 */
export function refinerStep(players: Players, config: TrainConfig) {
  const objective = refinerObjective(players, config);
  return (
    state: RefinerState<Tensor>,
    discriminators: DiscriminatorParameters<Tensor>,
    scalars: Scalars<Tensor>,
    images: RefinerImages<Tensor>,
  ): StepResult<RefinerState<Tensor>> =>
    updateRefiner(players, config, { state, scalars }, (parameters) =>
      objective(parameters, discriminators, images),
    );
}

/**
 * The discriminator's step (SimGAN, equation 2, with the history of section 2.3):
 * `L_D = −Σ log D(R(x)) − Σ log(1 − D(y))`, or what `adversarial.loss` names. The refined batch is
 * made by the refiner as it is now; with a history it is half a batch, the other half is `history`.
 * With a cycle in both directions a second discriminator does the same for renders.
 */
export function discriminatorStep(players: Players, config: TrainConfig) {
  return (
    state: DiscriminatorState<Tensor>,
    refiners: RefinerParameters<Tensor>,
    scalars: Scalars<Tensor>,
    images: DiscriminatorImages<Tensor>,
  ): StepResult<DiscriminatorState<Tensor>> & { readonly refined: Tensor } => {
    const { fakes, fresh } = makeFakes(players, config, refiners, images);
    const step = valueAndGrad<DiscriminatorParameters<Tensor>, Objective[1]>((parameters) =>
      judge(players, config, parameters, { fakes, fresh, images }),
    );
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

/** What the history takes in: refined images, in two directions with rendered ones as channels. */
export function freshImages(players: Players, config: TrainConfig) {
  return (parameters: RefinerParameters<Tensor>, images: FreshImages<Tensor>): Tensor =>
    makeFresh(players, config, parameters, images, freshCount(config));
}

/** The first `count` images of each side, as the refiners make them now; no gradient flows back. */
function makeFresh(
  { refiner, inverse }: Players,
  config: TrainConfig,
  parameters: RefinerParameters<Tensor>,
  { synthetic, landmarks, real }: FreshImages<Tensor>,
  count: number,
): Tensor {
  const first = (images: Tensor) => slice(images, 0, 0, count);
  const refined = stopGradient(
    refiner.apply(parameters.refiner, first(synthetic), landmarks && first(landmarks)),
  );
  if (!hasTwoDirections(config)) return refined;
  return concat([refined, stopGradient(inverse!.apply(parameters.inverse!, first(real!)))], 1);
}

/** What the discriminators must tell from the real thing, and what the history takes in of it. */
function makeFakes(
  players: Players,
  config: TrainConfig,
  parameters: RefinerParameters<Tensor>,
  images: DiscriminatorImages<Tensor>,
): { readonly fakes: Fakes; readonly fresh: Tensor } {
  const { history } = images;
  const fresh = makeFresh(players, config, parameters, images, freshCount(config));
  const all = history === undefined ? fresh : concat([fresh, history]);
  if (!hasTwoDirections(config)) return { fakes: { real: all }, fresh };
  const { channels } = config;
  const side = (index: number) => slice(all, 1, index * channels, (index + 1) * channels);
  return { fakes: { real: side(0), synthetic: side(1) }, fresh };
}

function clipped<T extends Tree<Tensor>>(gradients: T, { gradientClipping }: TrainConfig) {
  if (gradientClipping === 0) return { gradients, norm: globalNorm(gradients) };
  return clipByGlobalNorm(gradients, gradientClipping);
}

function updateRefiner(
  { refinerOptimizer }: Players,
  config: TrainConfig,
  { state, scalars }: { state: RefinerState<Tensor>; scalars: Scalars<Tensor> },
  objective: (parameters: RefinerParameters<Tensor>) => Objective,
): StepResult<RefinerState<Tensor>> {
  const step = valueAndGrad<RefinerParameters<Tensor>, Objective[1]>(objective);
  const { gradient, extra } = step(state.parameters);
  const { gradients, norm } = clipped(gradient, config);
  const { optimizer, parameters } = state;
  const next = refinerOptimizer.update({ gradients, state: optimizer, parameters, scalars });
  const { decay } = config.average;
  const average =
    decay === 0 ? {} : exponentialMovingAverage(state.average, next.parameters.refiner, decay);
  return {
    state: { parameters: next.parameters, optimizer: next.state, average },
    metrics: { ...extra, refinerGradientNorm: norm },
  };
}
