import { describe, expect, it } from 'vitest';
import type { Tree } from '../../src/base/tree.ts';
import { evaluate } from '../../src/nn/testing/evaluate.ts';
import { adam, clipByGlobalNorm, type Optimizer, sgd } from '../../src/optim/index.ts';
import { type HostTensor, hostScalar } from '../../src/tensor/host-tensor.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { deviation, pseudoRandom, readFixture } from './fixture.ts';

type Weights<Leaf> = { readonly matrix: Leaf; readonly vector: Leaf };

/** A seed for the matrix, the next for the vector. */
function weights(seed: number, scale?: number): Weights<HostTensor> {
  return {
    matrix: pseudoRandom(seed, [7, 5], scale),
    vector: pseudoRandom(seed + 1, [5], scale),
  };
}

const fixture = readFixture('optimizers');

const optimizers: Readonly<Record<string, readonly [Optimizer, learningRate: number]>> = {
  sgd: [sgd(), 0.1],
  momentum: [sgd({ momentum: 0.9 }), 0.1],
  adam: [adam(), 0.001],
  adamHalf: [adam({ beta1: 0.5, beta2: 0.99, epsilon: 1e-3 }), 0.01],
};

describe.each(Object.entries(optimizers))('%s', (name, [optimizer, learningRate]) => {
  it('takes PyTorch’s five steps from identical gradients', async () => {
    let parameters = weights(21);
    let state = optimizer.init(parameters);
    for (let step = 1; step <= 5; step++) {
      const rates = Object.entries(optimizer.scalars(step, learningRate));
      const result = await evaluate(
        (gradients: Weights<Tensor>, s: Tree<Tensor>, p: Weights<Tensor>, scalars: Scalars) =>
          optimizer.update({ gradients, state: s, parameters: p, scalars }),
        weights(10 * step, 0.1 ** step),
        state,
        parameters,
        Object.fromEntries(rates.map(([key, value]) => [key, hostScalar(value)])),
      );
      ({ parameters, state } = result);
      for (const key of ['matrix', 'vector'] as const) {
        const golden = fixture.get(`${name}.${step}.${key}`);
        expect(deviation(parameters[key], golden), `${step}.${key}`).toBeLessThan(5e-7);
      }
    }
  });
});

type Scalars = Readonly<Record<string, Tensor>>;

describe.each([0.5, 100])('clipping to %d', (maxNorm) => {
  it('gives PyTorch’s gradients and norm', async () => {
    const clip = (gradients: Weights<Tensor>) => clipByGlobalNorm(gradients, maxNorm);
    const { gradients, norm } = await evaluate(clip, weights(31));
    expect(deviation(norm, fixture.get(`clip.${maxNorm}.norm`))).toBeLessThan(1e-6);
    for (const key of ['matrix', 'vector'] as const) {
      const golden = fixture.get(`clip.${maxNorm}.${key}`);
      expect(deviation(gradients[key], golden)).toBeLessThan(1e-6);
    }
  });
});
