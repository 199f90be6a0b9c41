import { describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { mapTree, type Tree } from '../base/tree.ts';
import { constantInitializer } from '../nn/initializers.ts';
import { parameterCount } from '../nn/parameter-count.ts';
import { evaluate, ramp, values } from '../nn/testing/evaluate.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { discriminators } from './discriminators.ts';
import type { SimganDiscriminatorParameters } from './simgan-discriminator.ts';
import { outputShape } from './testing/output-shape.ts';

const key = randomKey(2);
type Parameters = SimganDiscriminatorParameters<Tensor>;

describe('SimGAN discriminator', () => {
  it.each([
    ['simgan-eyes', 75_906],
    ['simgan-hands', 178_050],
    ['simgan-eyes-global', 75_906],
  ] as const)('%s has %i parameters for one channel, as published', (name, count) => {
    expect(parameterCount(discriminators[name]({ channels: 1 }).init(key))).toBe(count);
  });

  it('takes three channels', () => {
    const parameters = discriminators['simgan-eyes']({ channels: 3 }).init(key);
    expect(parameterCount(parameters)).toBe(75_906 + 2 * 9 * 96);
  });

  it('gives two logits a patch: 9×14 patches for an eye of 35×55', () => {
    const { 'simgan-eyes': eyes, 'simgan-hands': hands } = discriminators;
    expect(outputShape(eyes({ channels: 1 }), [3, 1, 35, 55])).toEqual([3, 2, 9, 14]);
    expect(outputShape(eyes({ channels: 3 }), [1, 3, 64, 64])).toEqual([1, 2, 16, 16]);
    expect(outputShape(hands({ channels: 1 }), [1, 1, 224, 224])).toEqual([1, 2, 7, 7]);
  });

  it('has no ReLU on the logits', async () => {
    const eyes = discriminators['simgan-eyes']({ channels: 1 });
    const fresh = eyes.init(key);
    const zeros = mapTree<HostTensor, HostTensor>(fresh, ({ shape }) => hostTensor(shape));
    const parameters = {
      ...(zeros as typeof fresh),
      logits: { weight: hostTensor([2, 32, 1, 1]), bias: values([2], -3, -0.5) },
    };
    const apply = (p: Parameters, x: Tensor) => eyes.apply(p, x);
    const y = await evaluate(apply, parameters, ramp([1, 1, 4, 8]));
    expect([...y.data]).toEqual([-3, -3, -0.5, -0.5]);
  });

  it('has a ReLU after every convolution of the trunk', async () => {
    const eyes = discriminators['simgan-eyes']({ channels: 1 });
    const { trunk, logits } = eyes.init(key);
    const apply = (p: Parameters, x: Tensor) => eyes.apply(p, x);
    for (const i of trunk.keys()) {
      const bias = constantInitializer(-1e6)(key, trunk[i].bias.shape);
      const stopped = trunk.map((layer, j) => (j === i ? { ...layer, bias } : layer));
      const y = await evaluate(apply, { trunk: stopped, logits }, ramp([1, 1, 4, 4], -1, 0.1));
      expect(Math.max(...y.data.map(Math.abs)), `layer ${i}`).toBe(0);
    }
  });

  it('decides globally by the mean of the logits of the patches', async () => {
    const options = { channels: 1 };
    const local = discriminators['simgan-eyes'](options);
    const global = discriminators['simgan-eyes-global'](options);
    const both = (p: Parameters, x: Tensor) => ({ a: local.apply(p, x), b: global.apply(p, x) });
    const parameters: Tree<HostTensor> = local.init(key);
    const { a, b } = await evaluate(both, parameters, ramp([2, 1, 12, 8], -1, 0.01));
    expect(b.shape).toEqual([2, 2, 1, 1]);
    for (let row = 0; row < 4; row++) {
      const patches = a.data.subarray(row * 6, row * 6 + 6);
      expect(b.data[row]).toBeCloseTo(patches.reduce((x, y) => x + y) / 6, 5);
    }
  });
});
