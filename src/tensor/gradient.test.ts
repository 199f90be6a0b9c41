import { describe, expect, it } from 'vitest';
import type { Tree } from '../base/tree.ts';
import { loadProgram } from '../runtime/program.ts';
import { evaluate, evaluateOne, host } from '../testing/evaluate.ts';
import { compile } from './compile.ts';
import { grad, gradients, valueAndGrad } from './gradient.ts';
import { type HostTensor, specsOf } from './host-tensor.ts';
import { add, exp, greater, multiply, square, toFloat } from './operators/elementwise.ts';
import { tracedInput } from './operators/input.ts';
import { sum } from './operators/reduce.ts';
import { ShapeError, type Tensor } from './tensor.ts';

const values = (tree: Tree<HostTensor>) => (tree as HostTensor[]).map(({ data }) => [...data]);

describe('gradients', () => {
  it('add up over every use of a tensor', async () => {
    const fn = ([x]: readonly Tensor[]) => gradients(sum(add(multiply(x, x), x)), [x]);
    expect(values(await evaluate(fn, [host([3, -1])]))).toEqual([[7, -1]]);
  });

  it('reach tensors on the way, and the value itself', async () => {
    const fn = ([x]: readonly Tensor[]) => {
      const y = multiply(x, 2);
      const loss = sum(square(y));
      return gradients(loss, [x, y, loss]);
    };
    expect(values(await evaluate(fn, [host([3])]))).toEqual([[24], [12], [1]]);
  });

  it('are zero where nothing depends', async () => {
    const fn = ([x, y]: readonly Tensor[]) => gradients(sum(exp(x)), [y]);
    expect(values(await evaluate(fn, [host([0]), host([1, 2])]))).toEqual([[0, 0]]);
  });

  it('are zero behind comparisons', async () => {
    const fn = ([x]: readonly Tensor[]) => gradients(sum(toFloat(greater(x, 0))), [x]);
    expect(values(await evaluate(fn, [host([1, -1])]))).toEqual([[0, 0]]);
  });

  it('can be taken again and again', async () => {
    // x⁴ has the derivatives 4x³, 12x², 24x and 24.
    const fn = ([x]: readonly Tensor[]) => {
      const derivatives = [square(square(x))];
      for (let i = 0; i < 4; i++) derivatives.push(gradients(derivatives[i], [x])[0]);
      return derivatives;
    };
    expect(values(await evaluate(fn, [host([2], [])]))).toEqual([[16], [32], [48], [48], [24]]);
  });

  it('of more than one element are refused', () => {
    const x = tracedInput('x', [2]);
    expect(() => gradients(x, [x])).toThrow(ShapeError);
    expect(() => gradients(x, [x])).toThrow('gradients: Expected one element, got [2].');
  });
});

describe('gradients of functions', () => {
  const parameters = { w: host([2, 3]), b: [host([1], [])] };

  it('have the form of the parameters, beside value and extra', async () => {
    type Parameters = { readonly w: Tensor; readonly b: readonly Tensor[] };
    const differentiated = valueAndGrad(({ w, b }: Parameters) => {
      const squares = square(w);
      return [add(sum(squares), multiply(b[0], 5)), { squares }];
    });
    const compiled = compile(
      (p: Parameters) => {
        const { value, gradient, extra } = differentiated(p);
        return { value, gradient, extra };
      },
      [specsOf(parameters)],
    );
    const program = await loadProgram(compiled, { threads: 1 });
    expect(await program.run(parameters)).toEqual({
      value: host([18], []),
      gradient: { w: host([4, 6]), b: [host([5], [])] },
      extra: { squares: host([4, 9]) },
    });
    await program.dispose();
  });

  it('nest', async () => {
    const penalty = grad((x: Tensor) =>
      sum(square(grad((z: Tensor) => sum(square(square(z))))(x))),
    );
    // (4x³)² = 16x⁶ has the derivative 96x⁵.
    expect([...(await evaluateOne(([x]) => penalty(x), [host([1, -2])])).data]).toEqual([
      96, -3072,
    ]);
  });
});
