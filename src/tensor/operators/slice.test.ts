import { testOperators, testShapeError } from '../../testing/operator-cases.ts';
import { pattern } from '../../testing/pattern.ts';
import type { Tensor } from '../tensor.ts';
import { concat, flip, pad, pad2d, slice } from './slice.ts';

const on = (apply: (x: Tensor) => Tensor) => ({
  inputs: [pattern([1, 2, 3, 4], 13)],
  apply: ([x]: readonly Tensor[]) => apply(x),
  order: 2 as const,
});

testOperators({
  'pad, zeros': on((x) => pad(x, [0, 1, 0, 1], [0, 1, 2, 0])),
  'pad, reflect': on((x) => pad(x, [0, 0, 0, 3], [0, 0, 2, 1], 'reflect')),
  'pad2d, reflect': on((x) => pad2d(x, 2, 'reflect')),
  slice: on((x) => slice(x, 2, 1, 3)),
  'slice, last axis': on((x) => slice(x, -1, 2, 4)),
  flip: on((x) => flip(x, [1, -1])),
  concat: {
    inputs: [1, 3, 2].map((size) => pattern([2, size, 2], 14 + size)),
    apply: (parts) => concat(parts, 1),
    order: 2,
  },
});

testShapeError('pad', [[2, 3]], ([x]) => pad(x, [1], [1]));
testShapeError('pad', [[2, 3]], ([x]) => pad(x, [0, -1], [0, 0]));
testShapeError('pad', [[1, 1, 3, 4]], ([x]) => pad2d(x, 3, 'reflect'));
testShapeError('slice', [[2, 3]], ([x]) => slice(x, 1, 2, 4));
testShapeError('slice', [[2, 3]], ([x]) => slice(x, 2, 0, 1));
testShapeError('flip', [[2, 3]], ([x]) => flip(x, [2]));
testShapeError(
  'concat',
  [
    [2, 3],
    [3, 3],
  ],
  (parts) => concat(parts, 1),
);
testShapeError(
  'concat',
  [
    [2, 3],
    [2, 3, 1],
  ],
  (parts) => concat(parts, 1),
);
