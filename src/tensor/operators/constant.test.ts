import { expect, it } from 'vitest';
import { evaluateOne, host } from '../../testing/evaluate.ts';
import { testOperators } from '../../testing/operator-cases.ts';
import { pattern } from '../../testing/pattern.ts';
import { gradients } from '../gradient.ts';
import { ShapeError } from '../tensor.ts';
import { constant, fill, stopGradient } from './constant.ts';
import { add, multiply, square } from './elementwise.ts';
import { sum } from './reduce.ts';

testOperators({
  stopGradient: { inputs: [pattern([1, 2, 3, 4], 13)], apply: ([x]) => stopGradient(x), order: 0 },
});

it('lets no gradient through stopGradient', async () => {
  // d/dx (x · stop(x) + stop(x²)) counts only the first factor.
  const gradient = await evaluateOne(
    ([x]) => {
      const stopped = add(multiply(x, stopGradient(x)), stopGradient(square(x)));
      return gradients(sum(stopped), [x])[0];
    },
    [host([2, -3])],
  );
  expect([...gradient.data]).toEqual([2, -3]);
});

it('has constants in the program', async () => {
  const { shape, data } = await evaluateOne(
    ([x]) => add(x, add(constant([1, 2, 3, 4], [2, 2]), fill(10, [2, 1]))),
    [host([0.5], [])],
  );
  expect([shape, [...data]]).toEqual([
    [2, 2],
    [11.5, 12.5, 13.5, 14.5],
  ]);
});

it('refuses values that do not fill the shape', () => {
  expect(() => constant([1, 2, 3], [2, 2])).toThrow(ShapeError);
  expect(() => constant([1, 2, 3], [2, 2])).toThrow(
    'constant: Expected a shape of 3 elements, got [2, 2].',
  );
});
