import { describe, expect, it } from 'vitest';
import type { Tree } from '../base/tree.ts';
import { evaluate, values } from '../nn/testing/evaluate.ts';
import { type HostTensor, hostScalar } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { adam, type Optimizer, sgd } from './optimizer.ts';

type Weights<Leaf> = { readonly layer: { readonly weight: Leaf }; readonly bias: Leaf };

const parameters: Weights<HostTensor> = {
  layer: { weight: values([2], 1, -2) },
  bias: values([1], 0),
};
const gradients: readonly Weights<HostTensor>[] = [
  { layer: { weight: values([2], 0.5, -4) }, bias: values([1], 1e-3) },
  { layer: { weight: values([2], -1, 0) }, bias: values([1], 2) },
];

/** The parameters after a step for each of the gradients. */
async function run(optimizer: Optimizer, learningRate: number): Promise<number[][]> {
  let current = parameters;
  let state = optimizer.init(parameters);
  const history: number[][] = [];
  for (const [i, gradient] of gradients.entries()) {
    const fed = Object.entries(optimizer.scalars(i + 1, learningRate));
    const scalars = Object.fromEntries(fed.map(([name, value]) => [name, hostScalar(value)]));
    const result = await evaluate(
      (g: Weights<Tensor>, s: Tree<Tensor>, p: Weights<Tensor>, c: Record<string, Tensor>) =>
        optimizer.update({ gradients: g, state: s, parameters: p, scalars: c }),
      gradient,
      state,
      current,
      scalars,
    );
    current = result.parameters;
    state = result.state;
    history.push([...current.layer.weight.data, ...current.bias.data]);
  }
  return history;
}

function expectClose(got: readonly number[], expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 6);
}

describe('sgd', () => {
  it('goes downhill by the learning rate', async () => {
    const [first, second] = await run(sgd(), 0.1);
    expectClose(first, [0.95, -1.6, -1e-4]);
    expectClose(second, [1.05, -1.6, -0.2001]);
  });

  it('keeps a velocity: b ← 0.9 b + g', async () => {
    const [first, second] = await run(sgd({ momentum: 0.9 }), 0.1);
    expectClose(first, [0.95, -1.6, -1e-4]);
    // b = 0.45 − 1, −3.6 and 9e-4 + 2.
    expectClose(second, [1.005, -1.24, -0.20019]);
  });
});

describe('adam', () => {
  it('takes a first step of the learning rate whatever the size of the gradient', async () => {
    const [first] = await run(adam(), 0.01);
    expectClose(first, [0.99, -1.99, -0.01 * (1e-3 / (1e-3 + 1e-8))]);
  });

  it('follows algorithm 1 of the paper in the second step', async () => {
    const [first, second] = await run(adam({ beta1: 0.5, beta2: 0.9, epsilon: 0.1 }), 0.01);
    const step = (g1: number, g2: number) => {
      const m = (0.5 * 0.5 * g1 + 0.5 * g2) / (1 - 0.5 ** 2);
      const v = (0.9 * 0.1 * g1 ** 2 + 0.1 * g2 ** 2) / (1 - 0.9 ** 2);
      return 0.01 * (m / (Math.sqrt(v) + 0.1));
    };
    expectClose(second, [
      first[0] - step(0.5, -1),
      first[1] - step(-4, 0),
      first[2] - step(1e-3, 2),
    ]);
  });

  it('keeps its corrections exact in late steps, where float32 powers would not', () => {
    const { adamDenominatorScale, adamDenominatorEpsilon } = adam().scalars(1e5, 0.1);
    expect(adamDenominatorScale).toBe(1);
    expect(adamDenominatorEpsilon).toBe(1e-8);
    expect(adam().scalars(1, 0.1).adamDenominatorScale).toBeCloseTo(0.1 / Math.sqrt(0.001), 9);
    expect(adam().scalars(1, 0.25).negativeLearningRate).toBe(-0.25);
  });
});
