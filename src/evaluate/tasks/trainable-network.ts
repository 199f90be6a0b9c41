import type { RandomKey } from '../../base/random.ts';
import type { Tree } from '../../base/tree.ts';
import type { HostTensor } from '../../tensor/host-tensor.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Height and width of the input of all networks that a task trains, in pixels. */
export const taskInputSize = 64;

/** A network and its layers by name: `output` is `[batch, outputs]`, others are `[batch, any]`. */
export interface TrainableNetwork<Layer extends string = 'output'> {
  init(key: RandomKey, outputs: number): Tree<HostTensor>;
  /** Images are `[batch, 3, 64, 64]` in −1 … 1. */
  apply(parameters: Tree<Tensor>, images: Tensor): Readonly<Record<Layer | 'output', Tensor>>;
}
