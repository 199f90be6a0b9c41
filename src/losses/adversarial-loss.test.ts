import { describe, expect, it } from 'vitest';
import { evaluate, scalarOf, values } from '../nn/testing/evaluate.ts';
import { hostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mapHost, pattern } from '../testing/pattern.ts';
import { type AdversarialLossName, adversarialLosses, logLoss } from './adversarial-loss.ts';
import { meanOverScales } from './mean-over-scales.ts';
import { patchCrossEntropy } from './patch-cross-entropy.ts';
import { patchScore } from './patch-score.ts';
import { gradientError } from './testing/gradient-error.ts';

/** Two images of two patches; scores (real − refined) 2, −0.5 and 0.25, −3. */
const logits = values([2, 2, 1, 2], 1, 0, 3, -0.5, 0, 2, 0.25, -1);

const losses = (name: AdversarialLossName, reduction: 'sum' | 'mean') => (x: Tensor) => ({
  real: adversarialLosses[name].discriminator(x, 'real', reduction),
  refined: adversarialLosses[name].discriminator(x, 'refined', reduction),
  refiner: adversarialLosses[name].refiner(x, reduction),
});

describe('patch score', () => {
  it('is real minus refined', async () => {
    const score = await evaluate(patchScore, logits);
    expect(score.shape).toEqual([2, 1, 1, 2]);
    expect([...score.data]).toEqual([2, -0.5, 0.25, -3]);
  });

  it('refuses one logit', async () => {
    await expect(evaluate(patchScore, hostTensor([2, 1, 4, 4]))).rejects.toThrow(
      'patchScore: Expected logits [batch, 2, rows, columns], got [2, 1, 4, 4].',
    );
  });
});

describe('adversarial losses', () => {
  it('least squares: half the squared distance from 1 and 0, all of it for the refiner', async () => {
    const { real, refined, refiner } = await evaluate(losses('least-squares', 'sum'), logits);
    // (1² + 1.5² + 0.75² + 4²) / 2 and (2² + 0.5² + 0.25² + 3²) / 2, over two images.
    expect(scalarOf(real)).toBeCloseTo((1 + 2.25 + 0.5625 + 16) / 4, 5);
    expect(scalarOf(refined)).toBeCloseTo((4 + 0.25 + 0.0625 + 9) / 4, 5);
    expect(scalarOf(refiner)).toBeCloseTo((1 + 2.25 + 0.5625 + 16) / 2, 5);
    const mean = await evaluate(losses('least-squares', 'mean'), logits);
    expect(scalarOf(mean.real)).toBeCloseTo(scalarOf(real) / 2, 5);
  });

  it('hinge: nothing beyond the margin, and no margin for the refiner', async () => {
    const { real, refined, refiner } = await evaluate(losses('hinge', 'sum'), logits);
    expect(scalarOf(real)).toBeCloseTo((0 + 1.5 + 0.75 + 4) / 2, 5);
    expect(scalarOf(refined)).toBeCloseTo((3 + 0.5 + 1.25 + 0) / 2, 5);
    expect(scalarOf(refiner)).toBeCloseTo(-(2 - 0.5 + 0.25 - 3) / 2, 5);
  });

  it('log: the softmax of two logits is the sigmoid of the score', async () => {
    const { real, refined, refiner } = await evaluate(losses('log', 'mean'), logits);
    const softplus = (x: number) => Math.log1p(Math.exp(x));
    const mean = (sign: number) =>
      [2, -0.5, 0.25, -3].reduce((total, score) => total + softplus(sign * score), 0) / 4;
    expect(scalarOf(real)).toBeCloseTo(mean(-1), 5);
    expect(scalarOf(refined)).toBeCloseTo(mean(1), 5);
    expect(scalarOf(refiner)).toBeCloseTo(mean(-1), 5);
  });

  it.each(Object.keys(adversarialLosses) as AdversarialLossName[])(
    '%s has the gradients that differences show',
    async (name) => {
      // Scaled so that no score lies within a step of the margin.
      const at = mapHost(pattern([2, 2, 2, 2], 3), (value) => value / 1.02);
      for (const which of ['real', 'refined', 'refiner'] as const) {
        const f = (x: Tensor) => losses(name, 'sum')(x)[which];
        expect(await gradientError(f, at), which).toBeLessThan(2e-3);
      }
    },
  );

  it.each(Object.keys(adversarialLosses) as AdversarialLossName[])(
    '%s: what makes the refiner’s loss fall makes the discriminator’s rise',
    async (name) => {
      const better = values([1, 2, 1, 1], -0.4, 0.4);
      const worse = values([1, 2, 1, 1], -0.1, 0.1);
      const [a, b] = [
        await evaluate(losses(name, 'mean'), better),
        await evaluate(losses(name, 'mean'), worse),
      ];
      expect(scalarOf(a.refiner)).toBeLessThan(scalarOf(b.refiner));
      expect(scalarOf(a.refined)).toBeGreaterThan(scalarOf(b.refined));
      expect(scalarOf(a.real)).toBeLessThan(scalarOf(b.real));
    },
  );
});

describe('label smoothing', () => {
  const smoothed = (smoothing: number) => (x: Tensor) =>
    patchCrossEntropy(x, 'real', 'mean', { smoothing });

  it('mixes both cross entropies', async () => {
    // Logits log 3 and 0: probabilities 3/4 for refined, 1/4 for real.
    const x = values([1, 2, 1, 1], Math.log(3), 0);
    const expected = 0.9 * Math.log(4) + 0.1 * Math.log(4 / 3);
    expect(scalarOf(await evaluate(smoothed(0.1), x))).toBeCloseTo(expected, 5);
  });

  it('is smallest at log((1 − ε) / ε)', async () => {
    const at = async (score: number) =>
      scalarOf(await evaluate(smoothed(0.1), values([1, 2, 1, 1], 0, score)));
    const best = await at(Math.log(9));
    expect(await at(Math.log(9) - 0.3)).toBeGreaterThan(best);
    expect(await at(Math.log(9) + 0.3)).toBeGreaterThan(best);
  });

  it('is one-sided in the log loss', async () => {
    const loss = logLoss({ realSmoothing: 0.2 });
    const { real, refined, plain } = await evaluate(
      (x: Tensor) => ({
        real: loss.discriminator(x, 'real', 'mean'),
        refined: loss.discriminator(x, 'refined', 'mean'),
        plain: patchCrossEntropy(x, 'refined', 'mean'),
      }),
      values([1, 2, 1, 1], 0, 5),
    );
    expect(scalarOf(real)).toBeCloseTo(0.2 * 5 + Math.log1p(Math.exp(-5)), 4);
    expect(scalarOf(refined)).toBe(scalarOf(plain));
  });
});

describe('mean over scales', () => {
  it('counts each scale the same, whatever its patches', async () => {
    const f = (a: Tensor, b: Tensor) =>
      meanOverScales([a, b], (x) => adversarialLosses.hinge.refiner(x, 'mean'));
    const fine = values([1, 2, 1, 3], 0, 0, 0, 1, 2, 3);
    const coarse = values([1, 2, 1, 1], 0, 8);
    expect(scalarOf(await evaluate(f, fine, coarse))).toBeCloseTo(-(2 + 8) / 2, 5);
  });
});
