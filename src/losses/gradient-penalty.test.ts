import { describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { mapTree, type Tree } from '../base/tree.ts';
import {
  type PatchDiscriminatorParameters,
  patchDiscriminator,
} from '../models/patch-discriminator.ts';
import { evaluate, scalarOf, values } from '../nn/testing/evaluate.ts';
import { gradients } from '../tensor/gradient.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { conv2d } from '../tensor/operators/convolution.ts';
import { multiply } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mapHost, pattern } from '../testing/pattern.ts';
import { realGradientPenalty } from './gradient-penalty.ts';
import type { Reduction } from './reduction.ts';

type Parameters = PatchDiscriminatorParameters<Tensor>;

describe('gradient penalty on real images', () => {
  const linear = (reduction: Reduction) => (w: Tensor, x: Tensor) =>
    realGradientPenalty([conv2d(x, w)], x, reduction);
  /** Refined and real logits of one pixel each: the score is (5 − 2) x. */
  const weights = values([2, 1, 1, 1], 2, 5);

  it('is half the squared slope of a linear score, for each pixel', async () => {
    const x = pattern([3, 1, 2, 2], 1);
    // Σ over four pixels of 3², halved; the mean has slope 3/4 for each pixel.
    expect(scalarOf(await evaluate(linear('sum'), weights, x))).toBeCloseTo((4 * 9) / 2, 4);
    expect(scalarOf(await evaluate(linear('mean'), weights, x))).toBeCloseTo((4 * 9) / 16 / 2, 5);
  });

  /** With leaky ReLU, so that the penalty is not quadratic. */
  const layers = {
    trunk: [
      { kernel: 4, stride: 2, filters: 4 },
      { kernel: 3, stride: 1, filters: 4 },
    ],
    logitsKernel: 2,
  };
  const images = mapHost(pattern([2, 1, 12, 12], 2), (value) => value / 2);

  it.each([
    { normalization: 'none' },
    { normalization: 'instance' },
    { normalization: 'none', spectralNorm: true },
  ] as const)(
    'has the gradient with respect to weights that differences show (%o)',
    async (options) => {
      const network = patchDiscriminator({ channels: 1, layers, ...options });
      const at: Tree<HostTensor> = network.init(randomKey(6));
      const penalty = (p: Parameters, x: Tensor) =>
        realGradientPenalty([network.apply(p, x)], x, 'sum');
      const both = (p: Parameters, x: Tensor) => {
        const value = penalty(p, x);
        const { trunk, logits } = p;
        const [first, second, last] = gradients(value, [
          trunk[0].weight,
          trunk[1].weight,
          logits.weight,
        ]);
        return { value, first, second, last };
      };
      const result = await evaluate(both, at, images);
      const moved = async (path: string, index: number, by: number) => {
        const changed = mapTree<HostTensor, HostTensor>(at, (leaf, name) => {
          if (name !== path) return leaf;
          return hostTensor(leaf.shape, leaf.data.with(index, leaf.data[index] + by));
        });
        return scalarOf(await evaluate(penalty, changed, images));
      };
      const paths = { first: 'trunk.0.weight', second: 'trunk.1.weight', last: 'logits.weight' };
      for (const [name, path] of Object.entries(paths)) {
        const { data } = result[name as keyof typeof paths];
        const scale = Math.max(...data.map(Math.abs));
        expect(scale).toBeGreaterThan(1e-4);
        for (const index of [0, 7, 13]) {
          const difference =
            ((await moved(path, index, 1e-3)) - (await moved(path, index, -1e-3))) / 2e-3;
          expect(Math.abs(difference - data[index]) / scale, path).toBeLessThan(0.02);
        }
      }
    },
  );

  it('averages the scores of the scales', async () => {
    const scales = (w: Tensor, x: Tensor) => {
      const logits = conv2d(x, w);
      return realGradientPenalty([logits, multiply(logits, 3)], x, 'sum');
    };
    // The slope is that of one scale times (1 + 3) / 2.
    const value = scalarOf(await evaluate(scales, weights, pattern([3, 1, 2, 2], 1)));
    expect(value).toBeCloseTo((4 * 4 * 9) / 2, 3);
  });
});
