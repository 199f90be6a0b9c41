import { expect, it } from 'vitest';
import { evaluateOne, host } from '../../testing/evaluate.ts';
import { testOperators, testShapeError } from '../../testing/operator-cases.ts';
import { pattern } from '../../testing/pattern.ts';
import { logSoftmax, softmax } from './softmax.ts';

const inputs = [pattern([2, 3, 4], 15)];

testOperators({
  softmax: { inputs, apply: ([x]) => softmax(x, 1), order: 2 },
  'softmax, last axis': { inputs, apply: ([x]) => softmax(x, -1), order: 2 },
  logSoftmax: { inputs, apply: ([x]) => logSoftmax(x, 1), order: 2 },
});

it('stays finite for large values', async () => {
  const { data } = await evaluateOne(([x]) => logSoftmax(x, 0), [host([1000, 0, -1000])]);
  expect([...data]).toEqual([0, -1000, -2000]);
});

testShapeError('softmax', [[2, 3]], ([x]) => softmax(x, 2));
testShapeError('logSoftmax', [[2, 3]], ([x]) => logSoftmax(x, -3));
