import { describe, expect, it } from 'vitest';
import { evaluate, scalarOf, values } from '../nn/testing/evaluate.ts';
import { hostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { discriminatorAccuracy } from './discriminator-accuracy.ts';
import { patchCrossEntropy } from './patch-cross-entropy.ts';
import { refinerAdversarialLoss } from './refiner-adversarial.ts';
import { discriminatorLoss } from './testing/discriminator-loss.ts';
import { gradientError } from './testing/gradient-error.ts';

const { LN2 } = Math;
/**
 * One image of two patches: the left is real with 3/4, the right with 1/5. Channel 0 (refined) is
 * stored before channel 1 (real).
 */
const twoPatches = values([1, 2, 1, 2], 0, Math.log(4), Math.log(3), 0);

describe('refiner adversarial loss', () => {
  const loss = (logits: Tensor) => ({
    sum: refinerAdversarialLoss(logits, 'sum'),
    mean: refinerAdversarialLoss(logits, 'mean'),
  });

  it('pairs the two logits of a patch, not neighbours in memory', async () => {
    const { sum, mean } = await evaluate(loss, twoPatches);
    // −ln 3/4 − ln 1/5; a reshape to [patches, 2] without a permutation would give −ln 4/5 − ln
    // 1/4.
    expect(scalarOf(sum)).toBeCloseTo(Math.log(20 / 3), 5);
    expect(scalarOf(mean)).toBeCloseTo(Math.log(20 / 3) / 2, 5);
  });

  it('is 126 ln 2 = 87.34 for 9×14 patches at chance, and the mean over the batch', async () => {
    const { sum, mean } = await evaluate(loss, hostTensor([3, 2, 9, 14]));
    expect(scalarOf(sum)).toBeCloseTo(87.34, 2);
    expect(scalarOf(mean)).toBeCloseTo(LN2, 6);
  });

  it('stays finite for a discriminator that is certain', async () => {
    const { sum } = await evaluate(loss, values([1, 2, 1, 1], 200, -200));
    expect(scalarOf(sum)).toBeCloseTo(400, 3);
  });

  it('has the gradient that differences show', async () => {
    const f = (logits: Tensor) => refinerAdversarialLoss(logits, 'sum');
    expect(await gradientError(f, twoPatches)).toBeLessThan(1e-3);
  });

  it('refuses logits of another form', async () => {
    const flat = (logits: Tensor) => patchCrossEntropy(logits, 'real', 'sum');
    await expect(evaluate(flat, hostTensor([4, 3, 1, 1]))).rejects.toThrow(
      'patchCrossEntropy: Expected logits [batch, 2, rows, columns], got [4, 3, 1, 1].',
    );
  });
});

describe('discriminator adversarial loss', () => {
  const loss = (refined: Tensor, real: Tensor) => ({
    sum: discriminatorLoss(refined, real, 'sum'),
    mean: discriminatorLoss(refined, real, 'mean'),
  });

  it('adds both cross entropies, each the mean over its own batch', async () => {
    // Refined: patches with D = 1/4 and 4/5. Real: two images of one patch with 1 − D = 3/4, 1/2.
    const real = values([2, 2, 1, 1], 0, Math.log(3), 1, 1);
    const { sum, mean } = await evaluate(loss, twoPatches, real);
    const ofReal = (Math.log(4 / 3) + LN2) / 2;
    expect(scalarOf(sum)).toBeCloseTo(Math.log(4) + Math.log(5 / 4) + ofReal, 5);
    expect(scalarOf(mean)).toBeCloseTo((Math.log(4) + Math.log(5 / 4)) / 2 + ofReal, 5);
  });

  it('is twice the refiner’s at chance', async () => {
    const logits = hostTensor([2, 2, 9, 14]);
    const { sum, mean } = await evaluate(loss, logits, logits);
    expect(scalarOf(sum)).toBeCloseTo(2 * 126 * LN2, 3);
    expect(scalarOf(mean)).toBeCloseTo(2 * LN2, 6);
  });

  it('has the gradient that differences show', async () => {
    const f = (x: Tensor) => discriminatorLoss(x, x, 'mean');
    expect(await gradientError(f, twoPatches)).toBeLessThan(1e-3);
  });
});

describe('discriminator accuracy', () => {
  it('counts the patches on the right side; a tie is wrong', async () => {
    const logits = values([1, 2, 1, 4], 0, 2, 1, 1, 1, 1, 0, 1);
    const { refined, real } = await evaluate(
      (x: Tensor) => ({
        refined: discriminatorAccuracy(x, 'refined'),
        real: discriminatorAccuracy(x, 'real'),
      }),
      logits,
    );
    expect([scalarOf(refined), scalarOf(real)]).toEqual([0.5, 0.25]);
  });
});
