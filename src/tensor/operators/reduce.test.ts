import { expect, it } from 'vitest';
import { evaluate, evaluateOne, host } from '../../testing/evaluate.ts';
import { testOperators, testShapeError } from '../../testing/operator-cases.ts';
import { distinctPattern, pattern } from '../../testing/pattern.ts';
import { gradients } from '../gradient.ts';
import type { HostTensor } from '../host-tensor.ts';
import type { Tensor } from '../tensor.ts';
import { max, mean, type ReduceOptions, sum } from './reduce.ts';

const variants: Readonly<Record<string, ReduceOptions>> = {
  all: {},
  'axes 0 and 2': { axes: [0, 2] },
  'last axis kept': { axes: [-1], keepDimensions: true },
};

const x = pattern([2, 3, 4], 4);

for (const [variant, options] of Object.entries(variants)) {
  testOperators({
    [`sum, ${variant}`]: { inputs: [x], apply: ([x]) => sum(x, options), order: 2 },
    [`mean, ${variant}`]: { inputs: [x], apply: ([x]) => mean(x, options), order: 2 },
    [`max, ${variant}`]: {
      inputs: [distinctPattern([2, 3, 4])],
      apply: ([x]) => max(x, options),
      order: 2,
    },
  });
}

it('shares the gradient of max between equal largest values', async () => {
  const x = host([3, 1, 3, 2, 2, 2], [2, 3]);
  const both = ([x]: readonly Tensor[]) => {
    const largest = max(x, { axes: [1] });
    return [largest, ...gradients(sum(largest), [x])];
  };
  const [largest, gradient] = (await evaluate(both, [x])) as readonly HostTensor[];
  expect([...largest.data]).toEqual([3, 2]);
  const third = Math.fround(1 / 3);
  expect([...gradient.data]).toEqual([0.5, 0, 0.5, third, third, third]);
});

it('leaves a scalar as it is', async () => {
  const { shape, data } = await evaluateOne(([x]) => mean(sum(max(x))), [host([7], [])]);
  expect([shape, [...data]]).toEqual([[], [7]]);
});

for (const [name, reduce] of Object.entries({ sum, mean, max })) {
  testShapeError(name, [[2, 3]], ([x]) => reduce(x, { axes: [2] }));
}
