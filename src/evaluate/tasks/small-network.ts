import { type RandomKey, split } from '../../base/random.ts';
import { conv2d, heNormal, instanceNorm, linear } from '../../nn/index.ts';
import type { HostTensor } from '../../tensor/host-tensor.ts';
import { relu } from '../../tensor/operators/elementwise.ts';
import { reshape } from '../../tensor/operators/reshape.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Parameters of the small network that usefulness is measured with. */
export type SmallNetworkParameters<Leaf> = {
  readonly blocks: readonly {
    readonly convolution: conv2d.Conv2dParameters<Leaf>;
    readonly norm: instanceNorm.InstanceNormParameters<Leaf>;
  }[];
  readonly hidden: linear.LinearParameters<Leaf>;
  readonly output: linear.LinearParameters<Leaf>;
};

/** Height and width of the network's input in pixels. */
export const smallInputSize = 64;
/** Numbers in the layer before the output. */
export const hiddenSize = 128;

const filters = [16, 32, 64, 96] as const;

/** Fresh parameters for so many outputs. */
export function init(key: RandomKey, outputs: number): SmallNetworkParameters<HostTensor> {
  const side = smallInputSize / 2 ** filters.length;
  return {
    blocks: filters.map((count, i) => ({
      convolution: conv2d.init(split(key, 'convolution', i), {
        channels: i === 0 ? 3 : filters[i - 1],
        filters: count,
        kernel: 3,
        initializer: heNormal,
      }),
      norm: instanceNorm.init(key, { channels: count }),
    })),
    hidden: linear.init(split(key, 'hidden'), {
      inputs: side * side * filters[filters.length - 1],
      outputs: hiddenSize,
    }),
    output: linear.init(split(key, 'output'), { inputs: hiddenSize, outputs }),
  };
}

/**
 * Four convolutions with stride 2, instance normalisation and ReLU, and two fully connected layers:
 * images `[batch, 3, 64, 64]` in −1 … 1 → output `[batch, outputs]`, and the hidden layer
 * `[batch, 128]` before it.
 */
export function apply(
  { blocks, hidden, output }: SmallNetworkParameters<Tensor>,
  images: Tensor,
): { readonly output: Tensor; readonly hidden: Tensor } {
  let x = images;
  for (const { convolution, norm } of blocks) {
    x = relu(instanceNorm.apply(norm, conv2d.apply(convolution, x, { stride: 2 })));
  }
  const [batch, ...rest] = x.shape;
  const flat = reshape(x, [batch, rest.reduce((product, size) => product * size, 1)]);
  const features = relu(linear.apply(hidden, flat));
  return { output: linear.apply(output, features), hidden: features };
}
