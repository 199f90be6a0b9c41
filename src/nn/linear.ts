import { type RandomKey, split } from '../base/random.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { add } from '../tensor/operators/elementwise.ts';
import { matmul } from '../tensor/operators/matmul.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { constantInitializer, glorotUniform, type Initializer } from './initializers.ts';

export type LinearParameters<Leaf> = {
  /** `[inputs, outputs]`, so that no transposition is needed. */
  readonly weight: Leaf;
  /** `[outputs]` */
  readonly bias: Leaf;
};

export interface LinearInitOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Of the weights; default Glorot uniform. The bias starts at 0. */
  readonly initializer?: Initializer;
}

/** Fresh parameters of a fully connected layer with bias. */
export function init(key: RandomKey, options: LinearInitOptions): LinearParameters<HostTensor> {
  const { inputs, outputs, initializer = glorotUniform } = options;
  return {
    weight: initializer(split(key, 'weight'), [inputs, outputs]),
    bias: constantInitializer(0)(key, [outputs]),
  };
}

/** `x · weight + bias`: `[batch, inputs]` → `[batch, outputs]`. */
export function apply({ weight, bias }: LinearParameters<Tensor>, x: Tensor): Tensor {
  return add(matmul(x, weight), bias);
}
