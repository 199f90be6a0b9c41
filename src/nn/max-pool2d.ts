import { maxPool2d } from '../tensor/operators/pooling.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Padding, paddedSides } from './padding.ts';

export interface MaxPool2dOptions {
  /** Height and width of the window in pixels. */
  readonly kernel: number;
  /** Pixels between windows; default: the kernel. */
  readonly stride?: number;
  /** Default `same`: an output of `ceil(input / stride)`. Padding never wins. */
  readonly padding?: Padding;
}

/** The largest value of each window of `[batch, channels, height, width]`; no parameters. */
export function apply(x: Tensor, options: MaxPool2dOptions): Tensor {
  const { kernel, stride = kernel, padding = 'same' } = options;
  return maxPool2d(x, { kernel, stride, padding: paddedSides(x, { kernel, stride, padding }) });
}
