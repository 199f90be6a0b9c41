import { type RandomKey, split } from '../../base/random.ts';
import type { Tree } from '../../base/tree.ts';
import { conv2d, conv2dInstanceNorm, heNormal } from '../../nn/index.ts';
import type { HostTensor } from '../../tensor/host-tensor.ts';
import { constant } from '../../tensor/operators/constant.ts';
import { add, relu } from '../../tensor/operators/elementwise.ts';
import { matmul } from '../../tensor/operators/matmul.ts';
import { pixelShuffle } from '../../tensor/operators/pixel-shuffle.ts';
import { reshape } from '../../tensor/operators/reshape.ts';
import { resizeNearest } from '../../tensor/operators/resize.ts';
import { concat } from '../../tensor/operators/slice.ts';
import { softmax } from '../../tensor/operators/softmax.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TrainableNetwork, taskInputSize } from './trainable-network.ts';

type Unit<Leaf> = conv2dInstanceNorm.Conv2dInstanceNormParameters<Leaf>;

type LandmarkNetworkParameters<Leaf> = {
  readonly down: readonly { readonly reduce: Unit<Leaf>; readonly residual: Unit<Leaf> }[];
  readonly up: readonly Unit<Leaf>[];
  readonly heat: conv2d.Conv2dParameters<Leaf>;
};

/** Of 32, 16, 8 and 4 pixels a side. */
const filters = [16, 32, 64, 96] as const;
/** Of 8 and 16 pixels a side, on the way back. */
const filtersBack = [64, 48] as const;

const heatSize = taskInputSize / 2;
/** The mean place of a map is stretched by this, so that points a little outside can be said. */
const stretch = 1.25;

/**
 * Says where points are. An encoder of strided convolutions, each with a residual one after it, a
 * decoder with skips to a quarter of the size, and a heat map of 32×32 a point; the coordinates are
 * the mean place under its softmax, as in integral regression (Sun et al. 2018, arXiv 1711.08229,
 * section 2), stretched a little: images `[batch, 3, 64, 64]` in −1 … 1 → `[batch, 2 · points]`, x
 * and y of each point in −0.5 … 0.5 from side to side.
 */
export const landmarkNetwork: TrainableNetwork = { init, apply };

function init(key: RandomKey, outputs: number): LandmarkNetworkParameters<HostTensor> {
  const unit = (label: string, i: number, channels: number, count: number) =>
    conv2dInstanceNorm.init(split(key, label, i), {
      channels,
      filters: count,
      kernel: 3,
      initializer: heNormal,
    });
  const [, quarter, eighth, sixteenth] = filters;
  const points = outputs / 2;
  return {
    down: filters.map((count, i) => ({
      reduce: unit('reduce', i, i === 0 ? 3 : filters[i - 1], count),
      residual: unit('refine', i, count, count),
    })),
    up: [
      unit('up', 0, sixteenth + eighth, filtersBack[0]),
      unit('up', 1, filtersBack[0] + quarter, filtersBack[1]),
    ],
    heat: conv2d.init(split(key, 'heat'), {
      channels: filtersBack[1],
      filters: 4 * points,
      kernel: 1,
    }),
  };
}

function apply(parameters: Tree<Tensor>, images: Tensor): { readonly output: Tensor } {
  const { down, up, heat } = parameters as LandmarkNetworkParameters<Tensor>;
  let x = images;
  const levels = down.map(({ reduce, residual }) => {
    const reduced = relu(conv2dInstanceNorm.apply(reduce, x, { stride: 2 }));
    x = relu(add(reduced, conv2dInstanceNorm.apply(residual, reduced)));
    return x;
  });
  for (const [i, unit] of up.entries()) {
    const skip = levels[levels.length - 2 - i];
    x = relu(conv2dInstanceNorm.apply(unit, concat([resizeNearest(x, 2), skip], 1)));
  }
  return { output: centresOf(pixelShuffle(conv2d.apply(heat, x), 2)) };
}

/** The stretched mean place of each map: `[batch, points, 32, 32]` → `[batch, 2 · points]`. */
function centresOf(maps: Tensor): Tensor {
  const [batch, points] = maps.shape;
  const cells = heatSize ** 2;
  const chances = softmax(reshape(maps, [batch * points, cells]), 1);
  const places = Array.from({ length: cells }, (_, i) => [i % heatSize, Math.floor(i / heatSize)])
    .flat()
    .map((cell) => stretch * ((cell + 0.5) / heatSize - 0.5));
  return reshape(matmul(chances, constant(places, [cells, 2])), [batch, 2 * points]);
}
