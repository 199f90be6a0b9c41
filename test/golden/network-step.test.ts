import { describe, expect, it } from 'vitest';
import { randomKey } from '../../src/base/random.ts';
import { flattenTree, mapTree, type Tree } from '../../src/base/tree.ts';
import {
  refinerAdversarialLoss,
  type SelfRegularizationOptions,
  selfRegularizationLoss,
} from '../../src/losses/index.ts';
import { discriminatorLoss } from '../../src/losses/testing/discriminator-loss.ts';
import {
  type Discriminator,
  discriminators,
  type Network,
  type Refiner,
  refiners,
} from '../../src/models/index.ts';
import { fansOf } from '../../src/nn/initializers.ts';
import { evaluate } from '../../src/nn/testing/evaluate.ts';
import { sgd } from '../../src/optim/index.ts';
import { valueAndGrad } from '../../src/tensor/gradient.ts';
import { type HostTensor, hostScalar } from '../../src/tensor/host-tensor.ts';
import { stopGradient } from '../../src/tensor/operators/constant.ts';
import { add, multiply, subtract } from '../../src/tensor/operators/elementwise.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { deviation, pseudoRandom, readFixture } from './fixture.ts';

type Traced = Tree<Tensor>;
type Scalars = Readonly<Record<string, Tensor>>;

interface Case extends SelfRegularizationOptions {
  readonly refiner: Refiner;
  readonly discriminator: Discriminator;
  readonly channels: number;
  readonly size: readonly [height: number, width: number];
  readonly weight: number;
}

/** As in `CASES` of `make-goldens.py`. */
const cases: Readonly<Record<string, Case>> = {
  'eyes-colour': {
    refiner: refiners['simgan-eyes']({ channels: 3 }),
    discriminator: discriminators['simgan-eyes']({ channels: 3 }),
    channels: 3,
    size: [20, 24],
    norm: 'l1',
    difference: 'per-channel',
    reduction: 'sum',
    weight: 0.1,
  },
  'eyes-grey': {
    refiner: refiners['simgan-eyes']({ channels: 1 }),
    discriminator: discriminators['simgan-eyes']({ channels: 1 }),
    channels: 1,
    size: [17, 22],
    norm: 'l2',
    difference: 'per-channel',
    reduction: 'mean',
    weight: 0.75,
  },
  'hands-grey': {
    refiner: refiners['simgan-hands']({ channels: 1 }),
    discriminator: discriminators['simgan-hands']({ channels: 1 }),
    channels: 1,
    size: [20, 40],
    norm: 'l1',
    difference: 'channel-mean',
    reduction: 'sum',
    weight: 0.1,
  },
};

/** The parameters of `networks.py`: Glorot weights and small biases, a seed a tensor. */
function goldenParameters(network: Network, seed: number): Tree<HostTensor> {
  let next = seed;
  return mapTree<HostTensor, HostTensor>(network.init(randomKey(0)), ({ shape }) => {
    const scale = shape.length === 1 ? 0.1 : glorotLimit(shape);
    return pseudoRandom(next++, shape, scale);
  });
}

function glorotLimit(shape: readonly number[]): number {
  const { fanIn, fanOut } = fansOf(shape);
  return Math.sqrt(6 / (fanIn + fanOut));
}

/** A gradient with the change that plain gradient descent of rate 1 makes of it. */
function descend(parameters: Traced, gradient: Traced, scalars: Scalars) {
  const next = sgd().update({ gradients: gradient, state: [{}], parameters, scalars }).parameters;
  const leaves = flattenTree<Tensor>(parameters).map(({ leaf }) => leaf);
  let i = 0;
  return mapTree<Tensor, Tensor>(next, (leaf) => subtract(leaf, leaves[i++]));
}

function stepsOf({ refiner, discriminator, weight, ...options }: Case) {
  return (r: Traced, d: Traced, synthetic: Tensor, real: Tensor, scalars: Scalars) => {
    const refinerStep = valueAndGrad((parameters: Traced) => {
      const refined = refiner.apply(parameters, synthetic);
      const refinedLogits = discriminator.apply(d, refined);
      const adversarial = refinerAdversarialLoss(refinedLogits, options.reduction);
      const regularization = selfRegularizationLoss(synthetic, refined, options);
      const loss = add(adversarial, multiply(regularization, weight));
      return [loss, { refined, refinedLogits, adversarial, regularization }] as const;
    })(r);
    const discriminatorStep = valueAndGrad((parameters: Traced) => {
      const refined = discriminator.apply(parameters, stopGradient(refinerStep.extra.refined));
      const realLogits = discriminator.apply(parameters, real);
      return [discriminatorLoss(refined, realLogits, options.reduction), { realLogits }] as const;
    })(d);
    return {
      values: {
        ...refinerStep.extra,
        ...discriminatorStep.extra,
        discriminatorLoss: discriminatorStep.value,
      },
      refiner: {
        gradient: refinerStep.gradient,
        update: descend(r, refinerStep.gradient, scalars),
      },
      discriminator: {
        gradient: discriminatorStep.gradient,
        update: descend(d, discriminatorStep.gradient, scalars),
      },
    };
  };
}

describe.each(Object.entries(cases))('one step of %s equals PyTorch’s', (name, testCase) => {
  const fixture = readFixture(name);
  const shape = [2, testCase.channels, ...testCase.size];
  const rate = Object.entries(sgd().scalars(1, 1));
  const result = evaluate(
    stepsOf(testCase),
    goldenParameters(testCase.refiner, 100),
    goldenParameters(testCase.discriminator, 300),
    pseudoRandom(1, shape),
    pseudoRandom(2, shape),
    Object.fromEntries(rate.map(([key, value]) => [key, hostScalar(value)])),
  );

  it('in images, logits and losses', async () => {
    const { values } = await result;
    for (const { name: key, leaf } of flattenTree<HostTensor>(values)) {
      expect(deviation(leaf, fixture.get(key)), key).toBeLessThan(2e-5);
    }
  });

  it.each(['refiner', 'discriminator'] as const)(
    'in every gradient and update of the %s',
    async (network) => {
      const step = (await result)[network];
      const leaves = flattenTree<HostTensor>(step as Tree<HostTensor>, network);
      const stored = [...fixture.keys()].filter((key) => key.startsWith(`${network}.`));
      expect(leaves.map((leaf) => leaf.name).sort()).toEqual(stored.sort());
      for (const { name: key, leaf } of leaves) {
        expect(deviation(leaf, fixture.get(key)), key).toBeLessThan(1e-4);
      }
    },
  );
});
