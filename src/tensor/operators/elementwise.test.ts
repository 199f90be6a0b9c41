import { describe, expect, it } from 'vitest';
import { evaluate, evaluateOne, host } from '../../testing/evaluate.ts';
import { type OperatorCase, testOperators, testShapeError } from '../../testing/operator-cases.ts';
import { pattern, positivePattern, shiftedPattern } from '../../testing/pattern.ts';
import { gradients } from '../gradient.ts';
import type { HostTensor } from '../host-tensor.ts';
import type { Tensor } from '../tensor.ts';
import {
  abs,
  add,
  clamp,
  divide,
  equal,
  exp,
  greater,
  leakyRelu,
  less,
  log,
  maximum,
  minimum,
  multiply,
  negate,
  relu,
  sigmoid,
  sign,
  softplus,
  sqrt,
  square,
  step,
  subtract,
  tanh,
  toFloat,
  where,
} from './elementwise.ts';
import { sum } from './reduce.ts';

type TwoInputs = (a: Tensor, b: Tensor) => Tensor;

/** One case in which only the second input is repeated and one in which both are. */
function binary(
  name: string,
  apply: TwoInputs,
  {
    order = 2,
    second = shiftedPattern,
  }: Pick<OperatorCase, 'order'> & {
    readonly second?: typeof pattern;
  } = {},
): Record<string, OperatorCase> {
  const shared = { apply: ([a, b]: readonly Tensor[]) => apply(a, b), order };
  return {
    [`${name}, wide and narrow`]: { ...shared, inputs: [pattern([2, 3, 4], 1), second([3, 1], 2)] },
    [`${name}, both broadcast`]: { ...shared, inputs: [pattern([3, 1], 1), second([2, 1, 4], 2)] },
  };
}

function unary(
  apply: (x: Tensor) => Tensor,
  order: OperatorCase['order'] = 2,
  input: typeof pattern = pattern,
): OperatorCase {
  return { inputs: [input([3, 5], 3)], apply: ([x]) => apply(x), order };
}

describe('binary', () => {
  testOperators({
    ...binary('add', add),
    ...binary('subtract', subtract),
    ...binary('multiply', multiply),
    ...binary('divide', divide, { second: positivePattern }),
    ...binary('maximum', maximum),
    ...binary('minimum', minimum),
    ...binary('greater', (a, b) => toFloat(greater(a, b)), { order: 0 }),
    ...binary('less', (a, b) => toFloat(less(a, b)), { order: 0 }),
    ...binary('where', (a, b) => where(greater(a, b), multiply(a, 2), multiply(b, 3))),
    equal: {
      inputs: [pattern([2, 3], 1), pattern([3], 1)],
      apply: ([a, b]) => toFloat(equal(a, b)),
      order: 0,
    },
  });

  for (const [name, apply] of Object.entries({
    add,
    subtract,
    multiply,
    divide,
    maximum,
    minimum,
    greater,
    less,
    equal,
  })) {
    testShapeError(name, [[2, 3], [2]], ([a, b]) => apply(a, b));
  }
  testShapeError('where', [[3], [2]], ([a, b]) => where(greater(a, 0), b, 0));
});

describe('unary', () => {
  testOperators({
    negate: unary(negate),
    exp: unary(exp),
    // Its higher derivatives grow fast toward 0.
    log: { ...unary(log, 2, positivePattern), step: 5e-3 },
    tanh: unary(tanh),
    sigmoid: unary(sigmoid),
    softplus: unary(softplus),
    relu: unary(relu),
    abs: unary(abs),
    sign: unary(sign, 0),
    sqrt: unary(sqrt, 2, positivePattern),
    square: unary(square),
    leakyRelu: unary((x) => leakyRelu(x)),
    'leakyRelu, slope 0.01': unary((x) => leakyRelu(x, 0.01)),
    clamp: unary((x) => clamp(x, -1, 0.6)),
  });
});

describe('numbers as operands', () => {
  it('stand for scalars on either side', async () => {
    const x = host([1, 2]);
    const results = await evaluate(([x]) => [subtract(1, x), divide(x, 2), maximum(x, 1.5)], [x]);
    const values = (results as readonly HostTensor[]).map(({ data }) => [...data]);
    expect(values).toEqual([
      [0, -1],
      [0.5, 1],
      [1.5, 2],
    ]);
  });
});

describe('at the ends and at kinks', () => {
  it('stays finite where e to the x is not', async () => {
    const x = host([-1000, -90, 90, 1000]);
    const { data: plus } = await evaluateOne(([x]) => softplus(x), [x]);
    expect([...plus]).toEqual([0, expect.closeTo(0), 90, 1000]);
    const { data: rate } = await evaluateOne(([x]) => sigmoid(x), [x]);
    expect([...rate]).toEqual([0, expect.closeTo(0), 1, 1]);
  });

  /** The gradient of Σ fn at the given values. */
  const slopes = async (fn: (x: Tensor) => Tensor, values: readonly number[]) => {
    const gradient = ([x]: readonly Tensor[]) => gradients(sum(fn(x)), [x])[0];
    return [...(await evaluateOne(gradient, [host(values)])).data];
  };

  it('keeps the gradient of softplus finite', async () => {
    expect(await slopes(softplus, [-1000, 1000])).toEqual([0, 1]);
  });

  it('has the documented gradient at 0', async () => {
    expect(await slopes(relu, [0])).toEqual([0]);
    expect(await slopes(abs, [0])).toEqual([0]);
    expect(await slopes((x) => leakyRelu(x, 0.25), [0])).toEqual([0.25]);
  });

  it('steps up above 0, without a gradient', async () => {
    const { data } = await evaluateOne(([x]) => step(x), [host([-2, -1e-30, 0, 1e-30, 2])]);
    expect([...data]).toEqual([0, 0, 0, 1, 1]);
    expect(await slopes(step, [-1, 1])).toEqual([0, 0]);
  });

  it('gives the gradient of equal values to the first', async () => {
    for (const choose of [maximum, minimum]) {
      expect(await slopes((x) => choose(x, 1), [1])).toEqual([1]);
      expect(await slopes((x) => choose(1, x), [1])).toEqual([0]);
    }
  });

  it('has no gradient where clamp cuts', async () => {
    expect(await slopes((x) => clamp(x, -1, 1), [-2, -1, 0, 1, 2])).toEqual([0, 1, 1, 1, 0]);
  });
});
