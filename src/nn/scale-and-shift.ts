import type { HostTensor } from '../tensor/host-tensor.ts';
import { add, multiply } from '../tensor/operators/elementwise.ts';
import { reshape } from '../tensor/operators/reshape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { constantInitializer } from './initializers.ts';

/** What a normalisation learns: γ and β, each `[channels]`. */
export type ScaleAndShiftParameters<Leaf> = { readonly scale: Leaf; readonly shift: Leaf };

/** Scale 1 and shift 0; nothing random. */
export function init(channels: number): ScaleAndShiftParameters<HostTensor> {
  return {
    scale: constantInitializer(1)([0, 0], [channels]),
    shift: constantInitializer(0)([0, 0], [channels]),
  };
}

/** A `[channels]` vector as `[channels, 1, 1]`, which broadcasts over images. */
export function perChannel(vector: Tensor): Tensor {
  return reshape(vector, [vector.shape[0], 1, 1]);
}

/** `scale · x + shift` for each channel of `[batch, channels, height, width]`. */
export function apply({ scale, shift }: ScaleAndShiftParameters<Tensor>, x: Tensor): Tensor {
  return add(multiply(x, perChannel(scale)), perChannel(shift));
}
