import { describe } from 'vitest';
import { type OperatorCase, testOperators, testShapeError } from '../../testing/operator-cases.ts';
import { pattern } from '../../testing/pattern.ts';
import type { Shape, Tensor } from '../tensor.ts';
import {
  type Conv2dOptions,
  type ConvTranspose2dOptions,
  conv2d,
  convTranspose2d,
} from './convolution.ts';

interface Sizes {
  readonly x: Shape;
  readonly w: Shape;
  /** The filters' bias, left out where undefined. */
  readonly bias?: Shape;
}

function geometry<Options>(
  operator: (x: Tensor, w: Tensor, options: Options & { bias?: Tensor }) => Tensor,
  { x, w, bias }: Sizes,
  options: Options,
): OperatorCase {
  const inputs = [pattern(x, 7), pattern(w, 8), ...(bias ? [pattern(bias, 9)] : [])];
  const apply = ([x, w, bias]: readonly Tensor[]) =>
    operator(x, w, { ...options, ...(bias && { bias }) });
  return { inputs, apply, order: 2 };
}

const convolution = (sizes: Sizes, options: Conv2dOptions = {}) => geometry(conv2d, sizes, options);
const transposed = (sizes: Sizes, options: ConvTranspose2dOptions = {}) =>
  geometry(convTranspose2d, sizes, options);

describe('conv2d', () => {
  testOperators({
    'conv2d, plain': convolution({ x: [2, 2, 4, 5], w: [3, 2, 3, 3] }),
    'conv2d, padding and bias': convolution(
      { x: [1, 2, 4, 5], w: [3, 2, 3, 3], bias: [3] },
      { padding: 1 },
    ),
    'conv2d, stride 2 cuts off rows': convolution(
      { x: [1, 2, 6, 8], w: [2, 2, 3, 3] },
      { stride: 2 },
    ),
    'conv2d, stride 2 and padding': convolution(
      { x: [1, 2, 6, 5], w: [2, 2, 3, 3] },
      { stride: 2, padding: 1 },
    ),
    'conv2d, strides 2 and 1': convolution(
      { x: [1, 2, 6, 4], w: [2, 2, 3, 3] },
      { stride: [2, 1] },
    ),
    'conv2d, strides 1 and 2': convolution(
      { x: [1, 2, 4, 6], w: [2, 2, 3, 3] },
      { stride: [1, 2] },
    ),
    'conv2d, asymmetric padding': convolution(
      { x: [1, 2, 4, 4], w: [2, 2, 3, 3] },
      { padding: [0, 1, 2, 1] },
    ),
    'conv2d, asymmetric, stride 2': convolution(
      { x: [1, 2, 5, 5], w: [2, 2, 4, 4] },
      { stride: 2, padding: [1, 2, 2, 1] },
    ),
    'conv2d, dilation 2': convolution({ x: [1, 2, 6, 5], w: [2, 2, 3, 2] }, { dilation: 2 }),
    'conv2d, dilation and stride': convolution(
      { x: [1, 2, 7, 6], w: [2, 2, 3, 3] },
      { stride: 2, padding: 2, dilation: [1, 2] },
    ),
    'conv2d, groups': convolution({ x: [1, 4, 4, 4], w: [6, 2, 3, 3], bias: [6] }, { groups: 2 }),
    'conv2d, groups and stride': convolution(
      { x: [1, 4, 5, 5], w: [4, 2, 3, 3] },
      { stride: 2, padding: 1, groups: 2 },
    ),
    'conv2d, depth-wise': convolution(
      { x: [2, 3, 4, 4], w: [3, 1, 3, 3] },
      { padding: 1, groups: 3 },
    ),
    'conv2d, depth-wise, stride 2': convolution(
      { x: [2, 3, 6, 5], w: [3, 1, 3, 3], bias: [3] },
      { stride: 2, padding: [0, 0, 1, 1], groups: 3 },
    ),
    'conv2d, depth-wise, two filters a channel': convolution(
      { x: [1, 2, 4, 4], w: [4, 1, 3, 3] },
      { groups: 2 },
    ),
    'conv2d, 1×1': convolution({ x: [2, 3, 3, 4], w: [2, 3, 1, 1] }),
    'conv2d, 1×1, stride 2': convolution({ x: [1, 3, 5, 4], w: [2, 3, 1, 1] }, { stride: 2 }),
    'conv2d, 1×1, padding': convolution({ x: [1, 2, 3, 3], w: [2, 2, 1, 1] }, { padding: 1 }),
    'conv2d, 5×5, stride 2': convolution(
      { x: [1, 1, 9, 8], w: [2, 1, 5, 5] },
      { stride: 2, padding: 2 },
    ),
    'conv2d, stride above the filter': convolution(
      { x: [1, 2, 7, 8], w: [2, 2, 2, 2] },
      { stride: 3 },
    ),
    'conv2d, 1×3 filter': convolution(
      { x: [1, 2, 3, 5], w: [2, 2, 1, 3] },
      { padding: [0, 1, 0, 1] },
    ),
    'conv2d, filter as large as the input': convolution({ x: [2, 2, 3, 4], w: [3, 2, 3, 4] }),
  });

  const apply = ([x, weight, bias]: readonly Tensor[]) =>
    conv2d(x, weight, bias === undefined ? {} : { bias });
  testShapeError(
    'conv2d',
    [
      [1, 3, 8, 8],
      [4, 2, 3, 3],
    ],
    apply,
  );
  testShapeError(
    'conv2d',
    [
      [1, 2, 2, 8],
      [4, 2, 3, 3],
    ],
    apply,
  );
  testShapeError(
    'conv2d',
    [
      [2, 8, 8],
      [4, 2, 3, 3],
    ],
    apply,
  );
  testShapeError('conv2d', [[1, 2, 8, 8], [4, 2, 3, 3], [3]], apply);
  testShapeError(
    'conv2d',
    [
      [1, 4, 8, 8],
      [3, 2, 3, 3],
    ],
    ([x, weight]) => conv2d(x, weight, { groups: 2 }),
  );
});

describe('convTranspose2d', () => {
  testOperators({
    'convTranspose2d, plain': transposed({ x: [2, 3, 3, 4], w: [3, 2, 3, 3] }),
    'convTranspose2d, padding and bias': transposed(
      { x: [1, 3, 3, 4], w: [3, 2, 3, 3], bias: [2] },
      { padding: 1 },
    ),
    'convTranspose2d, stride 2': transposed(
      { x: [1, 3, 3, 2], w: [3, 2, 4, 4] },
      { stride: 2, padding: 1 },
    ),
    'convTranspose2d, output padding': transposed(
      { x: [1, 3, 3, 3], w: [3, 2, 3, 3] },
      { stride: 2, padding: 1, outputPadding: 1 },
    ),
    'convTranspose2d, groups': transposed(
      { x: [1, 4, 3, 3], w: [4, 3, 3, 3] },
      { stride: 2, groups: 2 },
    ),
    'convTranspose2d, groups, stride 1': transposed(
      { x: [1, 4, 3, 3], w: [4, 1, 3, 3] },
      { groups: 2 },
    ),
    'convTranspose2d, dilation': transposed(
      { x: [1, 2, 3, 3], w: [2, 2, 3, 3] },
      { padding: 1, dilation: 2 },
    ),
    'convTranspose2d, stride above the filter': transposed(
      { x: [1, 2, 3, 3], w: [2, 2, 2, 2] },
      { stride: 3 },
    ),
  });

  const apply =
    (options: ConvTranspose2dOptions = {}) =>
    ([x, weight, bias]: readonly Tensor[]) =>
      convTranspose2d(x, weight, { ...options, ...(bias && { bias }) });
  testShapeError(
    'convTranspose2d',
    [
      [1, 3, 8, 8],
      [2, 3, 3, 3],
    ],
    apply(),
  );
  testShapeError(
    'convTranspose2d',
    [
      [3, 8, 8],
      [3, 2, 3, 3],
    ],
    apply(),
  );
  testShapeError('convTranspose2d', [[1, 3, 4, 4], [3, 2, 3, 3], [3]], apply());
  testShapeError('convTranspose2d', [[1, 3, 4, 4], [3, 2, 3, 3], [1]], apply());
  testShapeError(
    'convTranspose2d',
    [
      [1, 3, 4, 4],
      [3, 2, 3, 3],
    ],
    apply({ groups: 2 }),
  );
  testShapeError(
    'convTranspose2d',
    [
      [1, 2, 1, 1],
      [2, 2, 2, 2],
    ],
    apply({ padding: 1 }),
  );
  testShapeError(
    'convTranspose2d',
    [
      [1, 2, 3, 3],
      [2, 2, 3, 3],
    ],
    apply({ stride: 2, outputPadding: 2 }),
  );
});
