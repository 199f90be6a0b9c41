import type { RandomKey } from '../../base/random.ts';
import { conv2d, heNormal, instanceNorm } from '../../nn/index.ts';
import type { HostTensor } from '../../tensor/host-tensor.ts';
import type { Tensor } from '../../tensor/tensor.ts';

export type NormalizedConvolutionParameters<Leaf> = {
  readonly convolution: conv2d.Conv2dParameters<Leaf>;
  readonly norm: instanceNorm.InstanceNormParameters<Leaf>;
};

/** Fresh parameters of a 3×3 convolution and its instance normalisation. */
export function init(
  key: RandomKey,
  { channels, filters }: { readonly channels: number; readonly filters: number },
): NormalizedConvolutionParameters<HostTensor> {
  return {
    convolution: conv2d.init(key, { channels, filters, kernel: 3, initializer: heNormal }),
    norm: instanceNorm.init(key, { channels: filters }),
  };
}

/** `[batch, channels, height, width]` → `[batch, filters, height / stride, width / stride]`. */
export function apply(
  { convolution, norm }: NormalizedConvolutionParameters<Tensor>,
  x: Tensor,
  { stride = 1 }: { readonly stride?: number } = {},
): Tensor {
  return instanceNorm.apply(norm, conv2d.apply(convolution, x, { stride }));
}
