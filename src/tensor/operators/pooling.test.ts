import { describe, expect, it } from 'vitest';
import { evaluateOne, host } from '../../testing/evaluate.ts';
import { testOperators, testShapeError } from '../../testing/operator-cases.ts';
import { distinctPattern, pattern } from '../../testing/pattern.ts';
import { gradients } from '../gradient.ts';
import { averagePool2d, maxPool2d, type PoolOptions } from './pooling.ts';
import { sum } from './reduce.ts';

const windows: Readonly<Record<string, PoolOptions>> = {
  '2×2': { kernel: 2 },
  'overlapping with padding': { kernel: 3, stride: 2, padding: 1 },
  'stride 1': { kernel: 3, stride: 1 },
  'asymmetric padding': { kernel: 2, padding: [0, 1, 1, 0] },
  'stride above the window': { kernel: 2, stride: 3 },
};

for (const [name, options] of Object.entries(windows)) {
  testOperators({
    [`maxPool2d, ${name}`]: {
      inputs: [distinctPattern([1, 2, 5, 6])],
      apply: ([x]) => maxPool2d(x, options),
      order: 2,
    },
    [`averagePool2d, ${name}`]: {
      inputs: [pattern([1, 2, 5, 6], 10)],
      apply: ([x]) => averagePool2d(x, options),
      order: 2,
    },
  });
}

describe('maxPool2d', () => {
  it('adds up what overlapping windows send to one element', async () => {
    const x = host([0, 0, 0, 0, 9, 0, 0, 0, 0], [1, 1, 3, 3]);
    const gradient = await evaluateOne(
      ([x]) => gradients(sum(maxPool2d(x, { kernel: 2, stride: 1 })), [x])[0],
      [x],
    );
    expect([...gradient.data]).toEqual([0, 0, 0, 0, 4, 0, 0, 0, 0]);
  });

  it('never takes the padding', async () => {
    const x = host([-3, -2, -5, -4], [1, 1, 2, 2]);
    const { data } = await evaluateOne(([x]) => maxPool2d(x, { kernel: 2, padding: 1 }), [x]);
    expect([...data]).toEqual([-3, -2, -5, -4]);
  });
});

for (const [name, pool] of Object.entries({ maxPool2d, averagePool2d })) {
  testShapeError(name, [[1, 2, 2, 8]], ([x]) => pool(x, { kernel: 3 }));
  testShapeError(name, [[2, 8, 8]], ([x]) => pool(x, { kernel: 2 }));
  testShapeError(name, [[1, 2, 8, 8]], ([x]) => pool(x, { kernel: 2, padding: 2 }));
}
