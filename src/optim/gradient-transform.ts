import type { Tree } from '../base/tree.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Numbers that change with the step, by name. */
export type Scalars<Value> = Readonly<Record<string, Value>>;

export interface TransformResult {
  readonly updates: Tree<Tensor>;
  readonly state: Tree<Tensor>;
}

/**
 * One stage between gradients and the change of the parameters, as in optax. Everything that
 * changes with the step is computed on the host in float64 ({@link GradientTransform.scalars}) and
 * fed to the program, so that one program serves every step.
 */
export interface GradientTransform {
  /** The state before the first step, for parameters of this form. */
  init(parameters: Tree<HostTensor>): Tree<HostTensor>;
  /** What this stage needs fed in a step; steps count from 1. */
  scalars(step: number, learningRate: number): Scalars<number>;
  /** The next stage's updates and the next step's state; `scalars` holds a tensor a name. */
  update(updates: Tree<Tensor>, state: Tree<Tensor>, scalars: Scalars<Tensor>): TransformResult;
}

/** One transform after the other. The state is a list with a state for each. */
export function chain(...transforms: readonly GradientTransform[]): GradientTransform {
  return {
    init: (parameters) => transforms.map((transform) => transform.init(parameters)),
    scalars: (step, learningRate) =>
      Object.assign({}, ...transforms.map((transform) => transform.scalars(step, learningRate))),
    update(gradients, states: readonly Tree<Tensor>[], scalars) {
      let updates = gradients;
      const state = transforms.map((transform, i) => {
        const result = transform.update(updates, states[i], scalars);
        updates = result.updates;
        return result.state;
      });
      return { updates, state };
    },
  };
}
