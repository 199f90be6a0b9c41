import { describe, expect, it } from 'vitest';
import { evaluate, ramp, scalarOf, values } from '../nn/testing/evaluate.ts';
import { hostTensor } from '../tensor/host-tensor.ts';
import { constant } from '../tensor/operators/constant.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { meanAbsoluteChange } from './mean-absolute-change.ts';
import { type SelfRegularizationOptions, selfRegularizationLoss } from './self-regularization.ts';
import { gradientError } from './testing/gradient-error.ts';

/**
 * Two images of two channels and two pixels. The first changes by (1, 3) in its first pixel and by
 * (−2, 2) in its second, the second not at all.
 */
const original = ramp([2, 2, 1, 2]);
const refined = values([2, 2, 1, 2], 1, -1, 5, 5, 4, 5, 6, 7);

const loss = (options: SelfRegularizationOptions) => (x: Tensor, y: Tensor) =>
  selfRegularizationLoss(x, y, options);

describe('self-regularisation', () => {
  it.each([
    // Per pixel (1 + 3) / 2 and (2 + 2) / 2; over two images and, for the mean, two pixels.
    ['l1', 'per-channel', 'sum', (2 + 2) / 2],
    ['l1', 'per-channel', 'mean', (2 + 2) / 4],
    // Per pixel |1 + 3| / 2 and |−2 + 2| / 2.
    ['l1', 'channel-mean', 'sum', (2 + 0) / 2],
    ['l1', 'channel-mean', 'mean', (2 + 0) / 4],
    // Per pixel (1 + 9) / 2 and (4 + 4) / 2.
    ['l2', 'per-channel', 'sum', (5 + 4) / 2],
    ['l2', 'per-channel', 'mean', (5 + 4) / 4],
    // Per pixel 2² and 0².
    ['l2', 'channel-mean', 'sum', (4 + 0) / 2],
    ['l2', 'channel-mean', 'mean', (4 + 0) / 4],
  ] as const)('%s, %s, %s: %d', async (norm, difference, reduction, expected) => {
    const value = await evaluate(loss({ norm, difference, reduction }), original, refined);
    expect(scalarOf(value)).toBeCloseTo(expected, 6);
  });

  it('is one formula for one channel', async () => {
    const [x, y] = [ramp([1, 1, 2, 2]), values([1, 1, 2, 2], 1, 1, 0, 3)];
    for (const difference of ['per-channel', 'channel-mean'] as const) {
      const value = await evaluate(loss({ norm: 'l1', difference, reduction: 'sum' }), x, y);
      expect(scalarOf(value)).toBe(3);
    }
  });

  it.each(['l1', 'l2'] as const)('%s has the gradient that differences show', async (norm) => {
    for (const difference of ['per-channel', 'channel-mean'] as const) {
      const f = (y: Tensor) =>
        selfRegularizationLoss(constant(ramp([1, 2, 1, 2]).data, [1, 2, 1, 2]), y, {
          norm,
          difference,
          reduction: 'mean',
        });
      const error = await gradientError(f, values([1, 2, 1, 2], 1, -1, 5, 4));
      expect(error).toBeLessThan(1e-3);
    }
  });

  it('refuses images of different shapes', async () => {
    const options = { norm: 'l1', difference: 'per-channel', reduction: 'sum' } as const;
    const [x, y] = [hostTensor([1, 3, 4, 4]), hostTensor([1, 1, 4, 4])];
    await expect(evaluate(loss(options), x, y)).rejects.toThrow('[1, 3, 4, 4] and [1, 1, 4, 4]');
  });
});

describe('mean absolute change', () => {
  it('is the mean over everything', async () => {
    expect(scalarOf(await evaluate(meanAbsoluteChange, original, refined))).toBe(
      (1 + 2 + 3 + 2) / 8,
    );
  });
});
