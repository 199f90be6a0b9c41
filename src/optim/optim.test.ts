import { describe, expect, it } from 'vitest';
import { evaluate, scalarOf, values } from '../nn/testing/evaluate.ts';
import { hostScalar } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { clipByGlobalNorm } from './clip-by-global-norm.ts';
import { exponentialMovingAverage } from './exponential-moving-average.ts';
import { constantSchedule, linearDecay, stepSchedule } from './schedules.ts';
import { zipTrees } from './zip-trees.ts';

type Pair<Leaf> = { readonly a: Leaf; readonly b: readonly Leaf[] };

describe('clipByGlobalNorm', () => {
  const gradients = { a: values([1], 3), b: [values([2], 0, -4)] };
  const clip = (maxNorm: number) => (g: Pair<Tensor>) => clipByGlobalNorm(g, maxNorm);

  it('shortens all tensors together and gives the norm from before', async () => {
    const { gradients: clipped, norm } = await evaluate(clip(1), gradients);
    expect(scalarOf(norm)).toBe(5);
    expect(clipped.a.data[0]).toBeCloseTo(0.6, 6);
    expect(clipped.b[0].data[1]).toBeCloseTo(-0.8, 6);
  });

  it('leaves shorter gradients alone', async () => {
    const { gradients: kept, norm } = await evaluate(clip(6), gradients);
    expect([...kept.a.data, ...kept.b[0].data]).toEqual([3, 0, -4]);
    expect(scalarOf(norm)).toBe(5);
  });

  it('survives gradients of zero', async () => {
    const zeros = { a: values([1], 0), b: [values([1], 0)] };
    const { gradients: kept } = await evaluate(clip(1), zeros);
    expect([...kept.a.data, ...kept.b[0].data]).toEqual([0, 0]);
  });
});

describe('exponentialMovingAverage', () => {
  const average = { a: values([2], 1, 5), b: [] };
  const parameters = { a: values([2], 3, 5), b: [] };

  it('moves by the share that does not decay', async () => {
    const moved = await evaluate(
      (e: Pair<Tensor>, p: Pair<Tensor>) => exponentialMovingAverage(e, p, 0.75),
      average,
      parameters,
    );
    expect([...moved.a.data]).toEqual([1.5, 5]);
  });

  it('takes a decay that changes with the step', async () => {
    const moved = await evaluate(
      (e: Pair<Tensor>, p: Pair<Tensor>, d: Tensor) => exponentialMovingAverage(e, p, d),
      average,
      parameters,
      hostScalar(0),
    );
    expect([...moved.a.data]).toEqual([3, 5]);
  });
});

describe('schedules', () => {
  it('stay, drop once, or fall in a line', () => {
    expect(constantSchedule(0.001)(1e6)).toBe(0.001);
    const hands = stepSchedule({ initial: 0.0002, final: 0.00005, after: 600_000 });
    expect([1, 600_000, 600_001].map(hands)).toEqual([0.0002, 0.0002, 0.00005]);
    const decay = linearDecay({ initial: 1, after: 100, until: 200 });
    expect([1, 100, 150, 200, 300].map(decay)).toEqual([1, 1, 0.5, 0, 0]);
    const partial = linearDecay({ initial: 1, final: 0.5, after: 0, until: 4 });
    expect(partial(1)).toBe(0.875);
  });
});

describe('zipTrees', () => {
  const join = (a: string, b: string) => a + b;

  it('joins leaves by their place, not by the order of keys', () => {
    expect(zipTrees({ a: 'x', b: 'y' }, { b: '2', a: '1' }, join)).toEqual({ a: 'x1', b: 'y2' });
  });

  it('refuses trees of different form', () => {
    expect(() => zipTrees({ a: 'x' }, { b: '1' }, join)).toThrow('a in one of them only');
    expect(() => zipTrees(['x'], ['1', '2'], join)).toThrow('1 and 2 leaves');
  });
});
