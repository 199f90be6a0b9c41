import { describe, expect, it } from 'vitest';
import { nodeCounts } from '../../testing/model.ts';
import { gradients } from '../gradient.ts';
import { constant, fill } from '../operators/constant.ts';
import { add, exp, log, multiply, subtract, tanh } from '../operators/elementwise.ts';
import { sum } from '../operators/reduce.ts';
import { reshape } from '../operators/reshape.ts';
import { slice } from '../operators/slice.ts';
import type { Tensor } from '../tensor.ts';

describe('dead code', () => {
  it('is not in the model', () => {
    const fn = ([x]: readonly Tensor[]) => {
      log(exp(x));
      return tanh(x);
    };
    expect(nodeCounts(fn, [[3]])).toEqual({ Tanh: 1 });
  });

  it('leaves out what only a gradient nobody asked for needs', () => {
    const fn = ([x, y]: readonly Tensor[]) => gradients(sum(multiply(exp(x), tanh(y))), [x])[0];
    expect(nodeCounts(fn, [[3], [3]])).toEqual({ Exp: 1, Tanh: 1, Mul: 1 });
  });
});

describe('common subexpressions', () => {
  it('appear once', () => {
    const fn = ([x]: readonly Tensor[]) => [
      add(exp(multiply(x, 2)), 1),
      subtract(exp(multiply(x, 2)), 1),
    ];
    expect(nodeCounts(fn, [[3]])).toEqual({ Mul: 1, Exp: 1, Add: 1, Sub: 1 });
  });

  it('include what the backward pass computes again', () => {
    const fn = ([x]: readonly Tensor[]) => [tanh(x), ...gradients(sum(tanh(x)), [x])];
    expect(nodeCounts(fn, [[3]]).Tanh).toBe(1);
  });

  it('differ where attributes do', () => {
    const fn = ([x]: readonly Tensor[]) => [slice(x, 0, 0, 2), slice(x, 0, 1, 3)];
    expect(nodeCounts(fn, [[3]])).toEqual({ Slice: 2 });
  });

  it('differ where constants do, in values or in shape', () => {
    const fn = ([x]: readonly Tensor[]) => [
      add(x, constant([1, 2])),
      add(x, constant([1, 2])),
      add(x, constant([1, 3])),
      reshape(add(x, fill(1, [2])), [2, 1]),
      add(x, fill(1, [2, 1])),
    ];
    expect(nodeCounts(fn, [[2]]).Add).toBe(4);
  });

  it('keep 0 and −0 apart', () => {
    const fn = ([x]: readonly Tensor[]) => [
      multiply(x, constant([0, 1])),
      multiply(x, constant([-0, 1])),
    ];
    expect(nodeCounts(fn, [[2]]).Mul).toBe(2);
  });
});

it('compiles chains longer than the call stack is deep', () => {
  const fn = ([x]: readonly Tensor[]) => {
    let y = x;
    for (let i = 0; i < 20_000; i++) y = tanh(y);
    return y;
  };
  expect(nodeCounts(fn, [[1]])).toEqual({ Tanh: 20_000 });
});
