import { describe, expect, it } from 'vitest';
import { evaluateOne, host } from '../../testing/evaluate.ts';
import { constantsOf, nodeCounts } from '../../testing/model.ts';
import { constant, fill, stopGradient } from '../operators/constant.ts';
import { add, divide, exp, multiply, negate, sqrt, subtract } from '../operators/elementwise.ts';
import { broadcastTo, reshape, transpose } from '../operators/reshape.ts';
import type { Tensor } from '../tensor.ts';

type Unary = (x: Tensor) => Tensor;
const list = (fn: Unary) => (inputs: readonly Tensor[]) => fn(inputs[0]);

describe('constants', () => {
  it('are computed while compiling', () => {
    const fn = list((x) => add(x, sqrt(add(multiply(constant([2, 3]), 4), 1))));
    expect(nodeCounts(fn, [[2]])).toEqual({ Add: 1 });
    expect(constantsOf(fn, [[2]])).toEqual([[3, Math.fround(Math.sqrt(13))]]);
  });

  it('broadcast as the operators do', () => {
    const fn = list((x) => add(x, subtract(constant([10, 20], [2, 1]), constant([1, 2, 3]))));
    expect(constantsOf(fn, [[2, 3]])).toEqual([[9, 8, 7, 19, 18, 17]]);
  });

  it('are reshaped and transposed while compiling', () => {
    const fn = list((x) => add(x, transpose(reshape(constant([1, 2, 3, 4, 5, 6]), [2, 3]))));
    expect(nodeCounts(fn, [[3, 2]])).toEqual({ Add: 1 });
    expect(constantsOf(fn, [[3, 2]])).toEqual([[1, 4, 2, 5, 3, 6]]);
  });

  it('of many elements are left to the program, so that the model stays small', () => {
    const fn = list((x) => add(x, exp(broadcastTo(constant([1, 2], [2, 1]), [2, 4000]))));
    expect(Math.max(...constantsOf(fn, [[2, 4000]]).map(({ length }) => length))).toBe(2);
  });
});

describe('neutral elements', () => {
  const neutral: Readonly<Record<string, Unary>> = {
    'x · 1': (x) => multiply(x, 1),
    '1 · x': (x) => multiply(1, x),
    'x + 0': (x) => add(x, 0),
    '0 + x': (x) => add(0, x),
    'x − 0': (x) => subtract(x, 0),
    'x / 1': (x) => divide(x, 1),
    'x · 1 with ones of higher rank': (x) => multiply(x, fill(1, [1, 1])),
  };

  it.each(Object.entries(neutral))('%s vanishes', (_, fn) => {
    expect(
      nodeCounts(
        list((x) => exp(fn(exp(x)))),
        [[2, 3]],
      ),
    ).toEqual({ Exp: 2 });
  });

  const needed: Readonly<Record<string, Unary>> = {
    '0 − x': (x) => subtract(0, x),
    '1 / x': (x) => divide(1, x),
    'x · 0': (x) => multiply(x, 0),
    'x · 1 that adds an axis': (x) => multiply(x, fill(1, [1, 1, 1])),
    'x · 1 that repeats x': (x) => multiply(x, fill(1, [2, 2, 3])),
  };

  it.each(Object.entries(needed))('%s stays', (_, fn) => {
    const counts = nodeCounts(
      list((x) => exp(fn(exp(x)))),
      [[2, 3]],
    );
    expect(Object.values(counts).reduce((a, b) => a + b)).toBe(3);
  });
});

describe('scales', () => {
  it('become one', () => {
    const fn = list((x) => multiply(0.5, multiply(multiply(x, 3), 4)));
    expect(nodeCounts(fn, [[2]])).toEqual({ Mul: 1 });
    expect(constantsOf(fn, [[2]])).toEqual([[6]]);
  });

  it('that cancel vanish', () => {
    expect(
      nodeCounts(
        list((x) => exp(multiply(multiply(x, 4), 0.25))),
        [[2]],
      ),
    ).toEqual({ Exp: 1 });
  });

  it('keep the shape they give', async () => {
    const fn = list((x) => multiply(multiply(x, fill(2, [1, 1])), 3));
    const { shape, data } = await evaluateOne(fn, [host([1, 2])]);
    expect([shape, [...data]]).toEqual([
      [1, 2],
      [6, 12],
    ]);
  });
});

describe('broadcasts', () => {
  it('before elementwise operators vanish', () => {
    const fn = ([x, y]: readonly Tensor[]) => add(x, broadcastTo(y, [4, 2, 3]));
    expect(nodeCounts(fn, [[4, 2, 3], [3]])).toEqual({ Add: 1 });
  });

  it('stay where the result would be smaller', async () => {
    const fn = list((x) => negate(broadcastTo(x, [2, 2])));
    expect(nodeCounts(fn, [[2]])).toEqual({ Expand: 1, Neg: 1 });
    expect((await evaluateOne(fn, [host([1, 2])])).shape).toEqual([2, 2]);
  });

  it('stay on one side where both are repeated', async () => {
    const fn = ([x, y]: readonly Tensor[]) => add(broadcastTo(x, [2, 2]), broadcastTo(y, [2, 2]));
    expect(nodeCounts(fn, [[2], [1]])).toEqual({ Expand: 1, Add: 1 });
    const { shape, data } = await evaluateOne(fn, [host([1, 2]), host([10])]);
    expect([shape, [...data]]).toEqual([
      [2, 2],
      [11, 12, 11, 12],
    ]);
  });
});

describe('reshapes', () => {
  it('of reshapes become one', () => {
    const fn = list((x) => exp(reshape(reshape(reshape(exp(x), [6]), [3, 2]), [1, 6])));
    expect(nodeCounts(fn, [[2, 3]])).toEqual({ Exp: 2, Reshape: 1 });
  });

  it('back to the same shape vanish', () => {
    const fn = list((x) => exp(reshape(reshape(exp(x), [6]), [2, 3])));
    expect(nodeCounts(fn, [[2, 3]])).toEqual({ Exp: 2 });
  });
});

it('drops barriers to gradients', () => {
  expect(
    nodeCounts(
      list((x) => exp(stopGradient(exp(x)))),
      [[2]],
    ),
  ).toEqual({ Exp: 2 });
});
