import { describe, expect, it } from 'vitest';
import {
  gradientError,
  gradientTolerance,
  secondOrderError,
  secondOrderTolerance,
} from '../../testing/gradient-check.ts';
import { modelOf, nodeCounts } from '../../testing/model.ts';
import { pattern } from '../../testing/pattern.ts';
import { gradients } from '../gradient.ts';
import { type Conv2dOptions, conv2d } from '../operators/convolution.ts';
import { square } from '../operators/elementwise.ts';
import { sum } from '../operators/reduce.ts';
import type { Shape, Tensor } from '../tensor.ts';

const gradientOf = (input: 0 | 1, options: Conv2dOptions) => (inputs: readonly Tensor[]) =>
  gradients(sum(square(conv2d(inputs[0], inputs[1], options))), [inputs[input]])[0];

/** Nodes of the gradient of a convolution's squares with respect to its input alone. */
function inputGradient(x: Shape, w: Shape, options: Conv2dOptions): Record<string, number> {
  return nodeCounts(gradientOf(0, options), [x, w]);
}

describe('the gradient of a convolution with respect to its input', () => {
  it.each<[string, Shape, Shape, Conv2dOptions]>([
    ['stride 1', [1, 4, 6, 6], [8, 4, 3, 3], { padding: 1 }],
    ['stride 2', [1, 4, 6, 6], [8, 4, 3, 3], { padding: 1, stride: 2 }],
    ['depth-wise, stride 1', [1, 4, 6, 6], [4, 1, 3, 3], { padding: 1, groups: 4 }],
    ['depth-wise, no padding', [1, 4, 6, 6], [4, 1, 3, 3], { groups: 4 }],
  ])('is a convolution: %s', (_, x, w, options) => {
    const { Conv, ConvTranspose } = inputGradient(x, w, options);
    // One forward, one backward.
    expect(Conv).toBe(2);
    expect(ConvTranspose).toBeUndefined();
  });

  it.each<[string, Shape, Shape, Conv2dOptions]>([
    ['depth-wise, stride 2', [1, 4, 6, 6], [4, 1, 3, 3], { padding: 1, stride: 2, groups: 4 }],
    ['depth-wise, two filters a channel', [1, 4, 6, 6], [8, 1, 3, 3], { groups: 4 }],
    ['groups', [1, 4, 6, 6], [4, 2, 3, 3], { padding: 1, groups: 2 }],
    ['strides 2 and 1', [1, 4, 6, 6], [8, 4, 3, 3], { stride: [2, 1] }],
  ])('is left as it is: %s', (_, x, w, options) => {
    expect(inputGradient(x, w, options)).toMatchObject({ Conv: 1, ConvTranspose: 1 });
  });
});

describe('the gradient of a convolution with respect to its weights', () => {
  /** Shapes of the kernels that copy shifted positions, one 1 a filter. */
  const copying = (x: Shape, w: Shape, options: Conv2dOptions = {}) => {
    const { initializer = [] } = modelOf(gradientOf(1, options), [x, w]).graph ?? {};
    return (initializer ?? []).map(({ dims }) => dims?.map(Number)).filter((d) => d?.length === 4);
  };

  it('shifts the output gradient where filters are half of the channels or fewer', () => {
    expect(copying([1, 8, 6, 6], [4, 8, 3, 3])).toEqual([[4 * 9, 1, 3, 3]]);
    expect(copying([1, 8, 6, 6], [5, 8, 3, 3])).toEqual([[8 * 3, 1, 1, 3]]);
  });

  it.each<[string, Shape, Shape, Conv2dOptions]>([
    ['asymmetric padding', [2, 4, 5, 4], [2, 4, 3, 2], { padding: [0, 1, 2, 0] }],
    ['padding beyond the filter', [1, 2, 3, 3], [1, 2, 2, 2], { padding: [2, 1, 0, 2] }],
    ['stride 2', [1, 4, 6, 5], [2, 4, 3, 3], { stride: 2, padding: 1 }],
    ['1×1', [2, 4, 2, 3], [1, 4, 1, 1], {}],
    ['groups', [1, 8, 4, 4], [4, 4, 3, 3], { groups: 2, padding: [1, 0, 0, 1] }],
  ])('is that of finite differences with few filters: %s', async (_, x, w, options) => {
    const inputs = [pattern(x, 7), pattern(w, 8)];
    const fn = ([x, w]: readonly Tensor[]) => conv2d(x, w, options);
    expect(await gradientError(fn, inputs)).toBeLessThan(gradientTolerance);
    expect(await secondOrderError(fn, inputs)).toBeLessThan(secondOrderTolerance);
  });

  it('shifts the input where that would take steps or negative padding', () => {
    expect(copying([1, 8, 6, 6], [4, 8, 3, 3], { stride: 2 })).toEqual([[8 * 9, 1, 3, 3]]);
    expect(copying([1, 8, 6, 6], [4, 8, 3, 3], { padding: 3 })).toEqual([[8 * 3, 1, 1, 3]]);
  });
});
