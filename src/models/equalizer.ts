import type { RandomKey } from '../base/random.ts';
import type { Tree } from '../base/tree.ts';
import { paddedSides, reflectSides } from '../nn/padding.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { stopGradient } from '../tensor/operators/constant.ts';
import { conv2d } from '../tensor/operators/convolution.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Refiner } from './network.ts';

export type EqualizedParameters<Leaf> = {
  /** `[channels, channels, side, side]`, side odd; no gradient reaches it. */
  readonly kernel: Leaf;
  readonly refiner: Tree<Leaf>;
};

export interface EqualizedOptions {
  readonly channels: number;
  /** Pixels a side of the kernel, odd. */
  readonly side: number;
}

/**
 * `R(E(x))` for a refiner R: *E* is a fixed filter, measured before training, that gives the
 * renders the power spectrum of the photographs. What is left to R is what no filter can do; it is
 * also what R's change is measured against, since a filter that is the same in all directions moves
 * no edge. With fresh parameters *E* is the identity.
 */
export function equalized(refiner: Refiner, { channels, side }: EqualizedOptions): Refiner {
  const ofTree = (parameters: Tree<Tensor>) => parameters as EqualizedParameters<Tensor>;
  const equalize = ({ kernel }: EqualizedParameters<Tensor>, images: Tensor) => {
    const sides = paddedSides(images, { kernel: side, stride: 1, padding: 'same' });
    return conv2d(reflectSides(images, sides), stopGradient(kernel));
  };
  const { multipleOf } = refiner;
  return {
    ...(multipleOf !== undefined && { multipleOf }),
    init: (key: RandomKey): EqualizedParameters<HostTensor> => ({
      kernel: identityKernel(channels, side),
      refiner: refiner.init(key),
    }),
    reference: (parameters, images) => equalize(ofTree(parameters), images),
    apply: (parameters, images, landmarks) =>
      refiner.apply(ofTree(parameters).refiner, equalize(ofTree(parameters), images), landmarks),
  };
}

function identityKernel(channels: number, side: number): HostTensor {
  const data = new Float32Array(channels * channels * side * side);
  const centre = (side * side - 1) / 2;
  for (let c = 0; c < channels; c++) data[(c * channels + c) * side * side + centre] = 1;
  return hostTensor([channels, channels, side, side], data);
}
