import type { RandomKey } from '../base/random.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { instanceNorm } from '../tensor/operators/normalization.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as scaleAndShift from './scale-and-shift.ts';

export type InstanceNormParameters<Leaf> = scaleAndShift.ScaleAndShiftParameters<Leaf>;

/** Scale 1 and shift 0 (the key is not used: nothing is random). */
export function init(
  _key: RandomKey,
  { channels }: { readonly channels: number },
): InstanceNormParameters<HostTensor> {
  return scaleAndShift.init(channels);
}

/**
 * `scale · (x − μ) / √(σ² + ε) + shift` with mean and biased variance of each channel of each image
 * of `[batch, channels, height, width]` (Ulyanov et al. 2016, arXiv 1607.08022, equation 4).
 */
export function apply(
  parameters: InstanceNormParameters<Tensor>,
  x: Tensor,
  { epsilon = 1e-5 }: { readonly epsilon?: number } = {},
): Tensor {
  return scaleAndShift.apply(parameters, instanceNorm(x, epsilon));
}
