import { describe, expect, it } from 'vitest';
import { nodeCounts } from '../../testing/model.ts';
import { gradients } from '../gradient.ts';
import { type Conv2dOptions, conv2d } from '../operators/convolution.ts';
import { square } from '../operators/elementwise.ts';
import { sum } from '../operators/reduce.ts';
import type { Shape, Tensor } from '../tensor.ts';

/** Nodes of the gradient of a convolution's squares with respect to its input alone. */
function inputGradient(x: Shape, w: Shape, options: Conv2dOptions): Record<string, number> {
  const fn = ([x, w]: readonly Tensor[]) => gradients(sum(square(conv2d(x, w, options))), [x])[0];
  return nodeCounts(fn, [x, w]);
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
