import { testOperators, testShapeError } from '../../testing/operator-cases.ts';
import { pattern } from '../../testing/pattern.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { matmul } from './matmul.ts';

const product = (a: Shape, b: Shape) => ({
  inputs: [pattern(a, 5), pattern(b, 6)],
  apply: ([a, b]: readonly Tensor[]) => matmul(a, b),
  order: 2 as const,
});

testOperators({
  matmul: product([3, 4], [4, 2]),
  'matmul, batch by one matrix': product([2, 3, 4], [4, 2]),
  'matmul, both batches broadcast': product([2, 1, 3, 4], [3, 4, 2]),
});

const apply = ([a, b]: readonly Tensor[]) => matmul(a, b);
testShapeError(
  'matmul',
  [
    [2, 3],
    [2, 3],
  ],
  apply,
);
testShapeError('matmul', [[3], [3, 2]], apply);
testShapeError(
  'matmul',
  [
    [2, 3, 4],
    [3, 4, 5],
  ],
  apply,
);
