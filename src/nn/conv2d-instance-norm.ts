import type { RandomKey } from '../base/random.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as conv2d from './conv2d.ts';
import * as instanceNorm from './instance-norm.ts';

export type Conv2dInstanceNormParameters<Leaf> = {
  readonly convolution: conv2d.Conv2dParameters<Leaf>;
  readonly norm: instanceNorm.InstanceNormParameters<Leaf>;
};

/** Fresh parameters of a convolution with instance normalisation after it. */
export function init(
  key: RandomKey,
  options: conv2d.Conv2dInitOptions,
): Conv2dInstanceNormParameters<HostTensor> {
  return {
    convolution: conv2d.init(key, options),
    norm: instanceNorm.init(key, { channels: options.filters }),
  };
}

/** `[batch, channels, height, width]` → `[batch, filters, height′, width′]`. */
export function apply(
  { convolution, norm }: Conv2dInstanceNormParameters<Tensor>,
  x: Tensor,
  options: conv2d.Conv2dApplyOptions = {},
): Tensor {
  return instanceNorm.apply(norm, conv2d.apply(convolution, x, options));
}
