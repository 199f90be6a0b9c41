import { testOperators, testShapeError } from '../../testing/operator-cases.ts';
import { pattern } from '../../testing/pattern.ts';
import { pixelShuffle, pixelUnshuffle } from './pixel-shuffle.ts';

testOperators({
  pixelShuffle: {
    inputs: [pattern([2, 8, 2, 3], 12)],
    apply: ([x]) => pixelShuffle(x, 2),
    order: 2,
  },
  pixelUnshuffle: {
    inputs: [pattern([2, 3, 4, 6], 12)],
    apply: ([x]) => pixelUnshuffle(x, 2),
    order: 2,
  },
  'pixelUnshuffle, one channel': {
    inputs: [pattern([1, 1, 6, 3], 12)],
    apply: ([x]) => pixelUnshuffle(x, 3),
    order: 2,
  },
});

testShapeError('pixelShuffle', [[1, 6, 2, 2]], ([x]) => pixelShuffle(x, 2));
testShapeError('pixelUnshuffle', [[1, 1, 4, 5]], ([x]) => pixelUnshuffle(x, 2));
testShapeError('pixelUnshuffle', [[4, 4]], ([x]) => pixelUnshuffle(x, 2));
