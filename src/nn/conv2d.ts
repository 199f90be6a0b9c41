import { type RandomKey, split } from '../base/random.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { conv2d } from '../tensor/operators/convolution.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { constantInitializer, glorotUniform, type Initializer } from './initializers.ts';
import { type Padding, type PaddingMode, paddedSides, reflectSides } from './padding.ts';

export type Conv2dParameters<Leaf> = {
  /** `[filters, channels, kernel, kernel]` */
  readonly weight: Leaf;
  /** `[filters]` */
  readonly bias: Leaf;
};

export interface Conv2dInitOptions {
  readonly channels: number;
  readonly filters: number;
  /** Height and width of the filter in pixels. */
  readonly kernel: number;
  /** Of the weights; default Glorot uniform. The bias starts at 0. */
  readonly initializer?: Initializer;
}

/** Fresh parameters of a convolution with bias. */
export function init(key: RandomKey, options: Conv2dInitOptions): Conv2dParameters<HostTensor> {
  const { channels, filters, kernel, initializer = glorotUniform } = options;
  return {
    weight: initializer(split(key, 'weight'), [filters, channels, kernel, kernel]),
    bias: constantInitializer(0)(key, [filters]),
  };
}

export interface Conv2dApplyOptions {
  /** Pixels between output elements; default 1. */
  readonly stride?: number;
  /** Default `same`: an output of `ceil(input / stride)`. */
  readonly padding?: Padding;
  /** Default `zero`. */
  readonly paddingMode?: PaddingMode;
}

/** `[batch, channels, height, width]` → `[batch, filters, height′, width′]`. */
export function apply(
  { weight, bias }: Conv2dParameters<Tensor>,
  x: Tensor,
  { stride = 1, padding = 'same', paddingMode = 'zero' }: Conv2dApplyOptions = {},
): Tensor {
  const sides = paddedSides(x, { kernel: weight.shape[2], stride, padding });
  if (paddingMode === 'zero') return conv2d(x, weight, { stride, padding: sides, bias });
  return conv2d(reflectSides(x, sides), weight, { stride, bias });
}
