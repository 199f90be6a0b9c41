import { type RandomKey, split } from '../base/random.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { add, relu } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as conv2d from './conv2d.ts';
import type { Initializer } from './initializers.ts';

export type ResidualBlockParameters<Leaf> = {
  readonly first: conv2d.Conv2dParameters<Leaf>;
  readonly second: conv2d.Conv2dParameters<Leaf>;
};

export interface ResidualBlockInitOptions {
  /** The same number goes in and comes out. */
  readonly channels: number;
  readonly kernel: number;
  readonly initializer?: Initializer;
}

/** Fresh parameters of the two convolutions. */
export function init(
  key: RandomKey,
  { channels, ...options }: ResidualBlockInitOptions,
): ResidualBlockParameters<HostTensor> {
  const convolution = { channels, filters: channels, ...options };
  return {
    first: conv2d.init(split(key, 'first'), convolution),
    second: conv2d.init(split(key, 'second'), convolution),
  };
}

/**
 * `relu(x + second(relu(first(x))))`: the residual block of SimGAN (Shrivastava et al. 2017, arXiv
 * 1612.07828, appendix). The last ReLU stands after the addition, as in He et al.
 * 2015 (arXiv 1512.03385), and nothing normalises. The size stays the same.
 */
export function apply(
  { first, second }: ResidualBlockParameters<Tensor>,
  x: Tensor,
  options: Pick<conv2d.Conv2dApplyOptions, 'paddingMode'> = {},
): Tensor {
  const inner = relu(conv2d.apply(first, x, options));
  return relu(add(x, conv2d.apply(second, inner, options)));
}
