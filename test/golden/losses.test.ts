import { expect, it } from 'vitest';
import { flattenTree } from '../../src/base/tree.ts';
import {
  type Reduction,
  refinerAdversarialLoss,
  selfRegularizationLoss,
} from '../../src/losses/index.ts';
import { discriminatorLoss } from '../../src/losses/testing/discriminator-loss.ts';
import { evaluate } from '../../src/nn/testing/evaluate.ts';
import type { HostTensor } from '../../src/tensor/host-tensor.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { deviation, pseudoRandom, readFixture } from './fixture.ts';

const both = <T>(f: (reduction: Reduction) => T) => ({ sum: f('sum'), mean: f('mean') });

it('all losses equal PyTorch’s', async () => {
  const fixture = readFixture('losses');
  const result = await evaluate(
    (logits: Tensor, other: Tensor, original: Tensor, refined: Tensor) => {
      const regularization = (norm: 'l1' | 'l2', difference: 'per-channel' | 'channel-mean') =>
        both((reduction) =>
          selfRegularizationLoss(original, refined, { norm, difference, reduction }),
        );
      const norms = (norm: 'l1' | 'l2') => ({
        'per-channel': regularization(norm, 'per-channel'),
        'channel-mean': regularization(norm, 'channel-mean'),
      });
      const pair = { refined: logits, real: other };
      return {
        refiner: both((reduction) => refinerAdversarialLoss(logits, reduction)),
        discriminator: both((reduction) => discriminatorLoss(pair.refined, pair.real, reduction)),
        regularization: { l1: norms('l1'), l2: norms('l2') },
      };
    },
    pseudoRandom(11, [3, 2, 4, 5], 4),
    pseudoRandom(12, [2, 2, 4, 5], 4),
    pseudoRandom(13, [2, 3, 6, 7]),
    pseudoRandom(14, [2, 3, 6, 7]),
  );
  const leaves = flattenTree<HostTensor>(result);
  expect(leaves.map(({ name }) => name).sort()).toEqual([...fixture.keys()].sort());
  for (const { name, leaf } of leaves) {
    expect(deviation(leaf, fixture.get(name)), name).toBeLessThan(1e-6);
  }
});
