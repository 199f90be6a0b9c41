import type { ConvolutionWeights, SeparableWeights } from '../../models/frozen/index.ts';
import { HostTensor } from '../../tensor/host-tensor.ts';
import { type NamedWeights, weightOf } from './quantized-weights.ts';

/** `[height, width, channels, filters]` → `[filters, channels, height, width]`. */
function filtersFirst({ shape: [height, width, channels, filters], data }: HostTensor): HostTensor {
  const result = new Float32Array(data.length);
  const pixels = height * width;
  for (let from = 0; from < data.length; from++) {
    const filter = from % filters;
    const channel = Math.floor(from / filters) % channels;
    const pixel = Math.floor(from / (filters * channels));
    result[(filter * channels + channel) * pixels + pixel] = data[from];
  }
  return new HostTensor([filters, channels, height, width], result);
}

/** `[height, width, channels, 1]` → `[channels, 1, height, width]`. */
function channelsFirst({ shape: [height, width, channels], data }: HostTensor): HostTensor {
  return filtersFirst(new HostTensor([height, width, 1, channels], data));
}

/** The convolution stored as `prefix/filters` and `prefix/bias`. */
export function convolutionOf(
  weights: NamedWeights,
  prefix: string,
): ConvolutionWeights<HostTensor> {
  return {
    weight: filtersFirst(weightOf(weights, `${prefix}/filters`)),
    bias: weightOf(weights, `${prefix}/bias`),
  };
}

/** The separable convolution stored under a prefix. */
export function separableOf(weights: NamedWeights, prefix: string): SeparableWeights<HostTensor> {
  return {
    depthwise: channelsFirst(weightOf(weights, `${prefix}/depthwise_filter`)),
    pointwise: filtersFirst(weightOf(weights, `${prefix}/pointwise_filter`)),
    bias: weightOf(weights, `${prefix}/bias`),
  };
}

/** A convolution followed by `y · scale + shift` for each filter, as one convolution. */
export function foldScale(
  { weight, bias }: ConvolutionWeights<HostTensor>,
  scale: ArrayLike<number>,
  shift: ArrayLike<number>,
): ConvolutionWeights<HostTensor> {
  const perFilter = weight.data.length / weight.shape[0];
  return {
    weight: new HostTensor(
      weight.shape,
      weight.data.map((value, i) => value * scale[Math.floor(i / perFilter)]),
    ),
    bias: new HostTensor(
      bias.shape,
      bias.data.map((value, filter) => value * scale[filter] + shift[filter]),
    ),
  };
}

function withZeroBias(weight: HostTensor): ConvolutionWeights<HostTensor> {
  const [filters] = weight.shape;
  return { weight, bias: new HostTensor([filters], new Float32Array(filters)) };
}

/** A convolution without bias, stored as Keras does. */
export function biasFree(weights: NamedWeights, name: string): ConvolutionWeights<HostTensor> {
  return withZeroBias(filtersFirst(weightOf(weights, name)));
}

/** One filter a channel without bias, stored as Keras does. */
export function depthwiseOf(weights: NamedWeights, name: string): ConvolutionWeights<HostTensor> {
  return withZeroBias(channelsFirst(weightOf(weights, name)));
}
