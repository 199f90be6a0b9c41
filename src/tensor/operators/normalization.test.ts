import { testOperators, testShapeError } from '../../testing/operator-cases.ts';
import { pattern } from '../../testing/pattern.ts';
import { batchNorm, instanceNorm } from './normalization.ts';

const inputs = [pattern([2, 3, 3, 4], 16)];

testOperators({
  instanceNorm: { inputs, apply: ([x]) => instanceNorm(x), order: 2 },
  batchNorm: { inputs, apply: ([x]) => batchNorm(x), order: 2 },
});

testShapeError('instanceNorm', [[3, 4, 4]], ([x]) => instanceNorm(x));
testShapeError('batchNorm', [[3, 4, 4]], ([x]) => batchNorm(x));
