import type { Tree } from '../../base/tree.ts';
import { type MultiScaleDiscriminator, type Refiner, singleScale } from '../../models/network.ts';
import { sgd } from '../../optim/index.ts';
import { type HostTensor, hostTensor } from '../../tensor/host-tensor.ts';
import { add, multiply, square } from '../../tensor/operators/elementwise.ts';
import { mean } from '../../tensor/operators/reduce.ts';
import { concat } from '../../tensor/operators/slice.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Players } from '../step.ts';

type StubRefiner<Leaf> = { readonly scale: Leaf; readonly shift: Leaf };
type StubDiscriminator<Leaf> = { readonly slope: Leaf; readonly curve: Leaf; readonly bias: Leaf };

const number = (value: number): HostTensor => hostTensor([1, 1, 1, 1], Float32Array.of(value));

/** Parameters of the refiner `x ↦ scale · x + shift`. */
export const affine = (scale: number, shift: number): StubRefiner<HostTensor> => ({
  scale: number(scale),
  shift: number(shift),
});

/**
 * Parameters of the discriminator that gives each pixel the score `slope · m + curve · m² + bias`,
 * m the mean of its channels; the logit of *refined* is 0.
 */
export const scoring = (slope: number, bias: number, curve = 0): StubDiscriminator<HostTensor> => ({
  slope: number(slope),
  curve: number(curve),
  bias: number(bias),
});

const refiner: Refiner = {
  init: () => affine(1, 0),
  apply: (parameters, images) => {
    const { scale, shift } = parameters as StubRefiner<Tensor>;
    return add(multiply(images, scale), shift);
  },
};

const discriminator: MultiScaleDiscriminator = singleScale({
  init: () => scoring(0, 0),
  apply: (parameters: Tree<Tensor>, images: Tensor) => {
    const { slope, curve, bias } = parameters as StubDiscriminator<Tensor>;
    const m = mean(images, { axes: [1], keepDimensions: true });
    const score = add(add(multiply(m, slope), multiply(square(m), curve)), bias);
    return concat([multiply(score, 0), score], 1);
  },
});

/** Networks whose results can be worked out by hand, changed by plain gradient descent. */
export const stubPlayers: Players = {
  refiner,
  inverse: refiner,
  discriminator,
  refinerOptimizer: sgd({}),
  discriminatorOptimizer: sgd({}),
};

/** Images of one value, `[count, channels, side, side]`. */
export function flatImages(
  value: number,
  { count = 2, channels = 3, side = 4 }: { count?: number; channels?: number; side?: number } = {},
): HostTensor {
  const images = hostTensor([count, channels, side, side]);
  images.data.fill(value);
  return images;
}

/** Images whose first column is 1 and whose others are 0; moved by k columns, 1 + k are 1. */
export function firstColumn(count: number, side = 4): HostTensor {
  const images = hostTensor([count, 1, side, side]);
  for (let i = 0; i < images.data.length; i += side) images.data[i] = 1;
  return images;
}

/** Numbers that move each image by so many columns to the right. */
export function moves(...columns: readonly number[]) {
  const shape = [columns.length, 1, 1] as const;
  return {
    translation: {
      rows: hostTensor(shape),
      columns: hostTensor(shape, Float32Array.from(columns)),
    },
  };
}
