import type { RandomKey } from '../base/random.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { add, divide, sqrt, square, subtract } from '../tensor/operators/elementwise.ts';
import { batchNorm } from '../tensor/operators/normalization.ts';
import { mean } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as scaleAndShift from './scale-and-shift.ts';

export type BatchNormParameters<Leaf> = scaleAndShift.ScaleAndShiftParameters<Leaf>;

/** Mean and biased variance of each channel, `[channels]`. */
export type ChannelStatistics<Leaf> = { readonly mean: Leaf; readonly variance: Leaf };

/** Scale 1 and shift 0 (the key is not used: nothing is random). */
export function init(
  _key: RandomKey,
  { channels }: { readonly channels: number },
): BatchNormParameters<HostTensor> {
  return scaleAndShift.init(channels);
}

export interface BatchNormOptions {
  /** Default 1e-5. */
  readonly epsilon?: number;
  /** Statistics to use instead of the batch's own: what inference does with running averages. */
  readonly statistics?: ChannelStatistics<Tensor>;
}

/**
 * `scale · (x − μ) / √(σ² + ε) + shift` with mean and biased variance of each channel of
 * `[batch, channels, height, width]` over the batch (Ioffe and Szegedy 2015, arXiv 1502.03167,
 * algorithm 1) or as given (algorithm 2).
 */
export function apply(
  parameters: BatchNormParameters<Tensor>,
  x: Tensor,
  { epsilon = 1e-5, statistics }: BatchNormOptions = {},
): Tensor {
  if (statistics === undefined) return scaleAndShift.apply(parameters, batchNorm(x, epsilon));
  const deviation = sqrt(add(statistics.variance, epsilon));
  const centred = subtract(x, scaleAndShift.perChannel(statistics.mean));
  return scaleAndShift.apply(parameters, divide(centred, scaleAndShift.perChannel(deviation)));
}

/** The statistics of one batch, from which a caller keeps a running average. */
export function batchStatistics(x: Tensor): ChannelStatistics<Tensor> {
  const axes = [0, 2, 3];
  const centre = mean(x, { axes });
  const centred = subtract(x, scaleAndShift.perChannel(centre));
  return { mean: centre, variance: mean(square(centred), { axes }) };
}
