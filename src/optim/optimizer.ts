import type { Tree } from '../base/tree.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { add } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { accumulateMomentum } from './accumulate-momentum.ts';
import { chain, type GradientTransform, type Scalars } from './gradient-transform.ts';
import { type AdamOptions, scaleByAdam } from './scale-by-adam.ts';
import { scaleByLearningRate } from './scale-by-learning-rate.ts';
import { zipTrees } from './zip-trees.ts';

/** Turns gradients into the next parameters. */
export interface Optimizer {
  /** The state before the first step. */
  init(parameters: Tree<HostTensor>): Tree<HostTensor>;
  /** What to feed in a step, counted from 1: `update` takes a scalar tensor under each name. */
  scalars(step: number, learningRate: number): Scalars<number>;
  /** One step, traced: `parameters + updates`. */
  update<Parameters extends Tree<Tensor>>(
    step: OptimizerStep<Parameters>,
  ): { readonly parameters: Parameters; readonly state: Tree<Tensor> };
}

export interface OptimizerStep<Parameters extends Tree<Tensor>> {
  /** In the form of the parameters. */
  readonly gradients: Parameters;
  readonly state: Tree<Tensor>;
  readonly parameters: Parameters;
  readonly scalars: Scalars<Tensor>;
}

/** The optimizer that adds what a transform makes of the gradients. */
export function optimizer(transform: GradientTransform): Optimizer {
  return {
    init: (parameters) => transform.init(parameters),
    scalars: (step, learningRate) => transform.scalars(step, learningRate),
    update<Parameters extends Tree<Tensor>>(step: OptimizerStep<Parameters>) {
      const { updates, state } = transform.update(step.gradients, step.state, step.scalars);
      const moved = zipTrees<Tensor, Tensor>(step.parameters, updates, (p, u) => add(p, u));
      return { parameters: moved as Parameters, state };
    },
  };
}

/** Adam: `θ ← θ − learningRate · m̂ / (√v̂ + ε)`, see {@link scaleByAdam}. */
export function adam(options: AdamOptions = {}): Optimizer {
  return optimizer(chain(scaleByAdam(options), scaleByLearningRate()));
}

/**
 * Gradient descent, `θ ← θ − learningRate · b`; with momentum 0 (the default) b is the gradient.
 */
export function sgd({ momentum = 0 }: { readonly momentum?: number } = {}): Optimizer {
  if (momentum === 0) return optimizer(chain(scaleByLearningRate()));
  return optimizer(chain(accumulateMomentum(momentum), scaleByLearningRate()));
}
