import { describe, expect, it } from 'vitest';
import { evaluateOne } from '../../testing/evaluate.ts';
import { testShapeError } from '../../testing/operator-cases.ts';
import { pattern } from '../../testing/pattern.ts';
import { gradients } from '../gradient.ts';
import { add, multiply } from './elementwise.ts';
import { positions } from './positions.ts';
import { sum } from './reduce.ts';

describe('positions', () => {
  it('counts along an axis, in a shape that broadcasts', async () => {
    const x = pattern([2, 1, 3, 4], 1);
    const rows = await evaluateOne(([x]) => positions(x, 2), [x]);
    expect([rows.shape, [...rows.data]]).toEqual([
      [1, 1, 3, 1],
      [0, 1, 2],
    ]);
    const columns = await evaluateOne(([x]) => add(multiply(x, 0), positions(x, -1)), [x]);
    expect(columns.shape).toEqual([2, 1, 3, 4]);
    expect([...columns.data.subarray(0, 8)]).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  });

  it('has no gradient', async () => {
    const slope = await evaluateOne(
      ([x]) => gradients(sum(multiply(x, positions(x, 1))), [x])[0],
      [pattern([1, 3], 2)],
    );
    expect([...slope.data]).toEqual([0, 1, 2]);
  });
});

testShapeError('positions', [[2, 3]], ([x]) => positions(x, 2));
