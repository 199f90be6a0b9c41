import { testOperators, testShapeError } from '../../testing/operator-cases.ts';
import { pattern } from '../../testing/pattern.ts';
import type { Tensor } from '../tensor.ts';
import { broadcastTo, reshape, transpose } from './reshape.ts';

const on = (apply: (x: Tensor) => Tensor) => ({
  inputs: [pattern([1, 2, 3, 4], 13)],
  apply: ([x]: readonly Tensor[]) => apply(x),
  order: 2 as const,
});

testOperators({
  reshape: on((x) => reshape(x, [3, -1])),
  transpose: on((x) => transpose(x)),
  'transpose, permutation': on((x) => transpose(x, [2, 0, 3, 1])),
  broadcastTo: {
    inputs: [pattern([3, 1], 13)],
    apply: ([x]) => broadcastTo(x, [2, 3, 4]),
    order: 2,
  },
});

testShapeError('reshape', [[2, 3]], ([x]) => reshape(x, [4]));
testShapeError('reshape', [[2, 3]], ([x]) => reshape(x, [4, -1]));
testShapeError('reshape', [[2, 3]], ([x]) => reshape(x, [-1, -1]));
testShapeError('broadcastTo', [[2, 3]], ([x]) => broadcastTo(x, [2, 4]));
testShapeError('broadcastTo', [[2, 3]], ([x]) => broadcastTo(x, [3]));
testShapeError('transpose', [[2, 3]], ([x]) => transpose(x, [0]));
testShapeError('transpose', [[2, 3]], ([x]) => transpose(x, [0, 0]));
testShapeError('transpose', [[2, 3]], ([x]) => transpose(x, [0, 2]));
testShapeError('transpose', [[3]], ([x]) => transpose(x));
