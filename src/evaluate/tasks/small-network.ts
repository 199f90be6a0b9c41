import { type RandomKey, split } from '../../base/random.ts';
import type { Tree } from '../../base/tree.ts';
import { conv2dInstanceNorm, heNormal, linear } from '../../nn/index.ts';
import type { HostTensor } from '../../tensor/host-tensor.ts';
import { relu } from '../../tensor/operators/elementwise.ts';
import { reshape } from '../../tensor/operators/reshape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TrainableNetwork, taskInputSize } from './trainable-network.ts';

type SmallNetworkParameters<Leaf> = {
  readonly blocks: readonly conv2dInstanceNorm.Conv2dInstanceNormParameters<Leaf>[];
  readonly hidden: linear.LinearParameters<Leaf>;
  readonly output: linear.LinearParameters<Leaf>;
};

const filters = [16, 32, 64, 96] as const;
/** Numbers in the layer before the output. */
const hiddenSize = 128;

/**
 * Says what a whole image is. Four convolutions with stride 2, instance normalisation and ReLU, and
 * two fully connected layers: images `[batch, 3, 64, 64]` in −1 … 1 → output `[batch, outputs]`,
 * and the hidden layer `[batch, 128]` before it.
 */
export const smallNetwork: TrainableNetwork<'hidden'> = { init, apply };

function init(key: RandomKey, outputs: number): SmallNetworkParameters<HostTensor> {
  const side = taskInputSize / 2 ** filters.length;
  return {
    blocks: filters.map((count, i) => {
      const options = { channels: i === 0 ? 3 : filters[i - 1], filters: count, kernel: 3 };
      const own = split(key, 'convolution', i);
      return conv2dInstanceNorm.init(own, { ...options, initializer: heNormal });
    }),
    hidden: linear.init(split(key, 'hidden'), {
      inputs: side * side * filters[filters.length - 1],
      outputs: hiddenSize,
    }),
    output: linear.init(split(key, 'output'), { inputs: hiddenSize, outputs }),
  };
}

function apply(parameters: Tree<Tensor>, images: Tensor) {
  const { blocks, hidden, output } = parameters as SmallNetworkParameters<Tensor>;
  let x = images;
  for (const block of blocks) x = relu(conv2dInstanceNorm.apply(block, x, { stride: 2 }));
  const [batch, ...rest] = x.shape;
  const flat = reshape(x, [batch, rest.reduce((product, size) => product * size, 1)]);
  const features = relu(linear.apply(hidden, flat));
  return { output: linear.apply(output, features), hidden: features };
}
