import { describe, expect, it } from 'vitest';
import { evaluate, scalarOf, values } from '../nn/testing/evaluate.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { constant } from '../tensor/operators/constant.ts';
import { multiply, square } from '../tensor/operators/elementwise.ts';
import { averagePool2d } from '../tensor/operators/pooling.ts';
import { sum } from '../tensor/operators/reduce.ts';
import { reshape } from '../tensor/operators/reshape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { pattern, shiftedPattern } from '../testing/pattern.ts';
import { cycleConsistencyLoss, identityMappingLoss } from './cycle-consistency.ts';
import { featureDistance } from './feature-distance.ts';
import { identityEmbeddingLoss } from './identity-embedding.ts';
import { imageGradientLoss } from './image-gradient-loss.ts';
import { landmarkConsistencyLoss } from './landmark-consistency.ts';
import { chrominance, luminance } from './luminance.ts';
import { selfRegularizationLoss } from './self-regularization.ts';
import { gradientError } from './testing/gradient-error.ts';
import { totalVariationLoss } from './total-variation.ts';

type Loss = (original: Tensor, refined: Tensor) => Tensor;

const valueFor = async (loss: Loss, original: HostTensor, refined: HostTensor) =>
  scalarOf(await evaluate(loss, original, refined));

/** One grey image of 2×3 pixels, and what became of it. */
const original = values([1, 1, 2, 3], 0, 1, 2, 3, 4, 5);
const refined = values([1, 1, 2, 3], 1, 1, 2, 3, 4, 3);

describe('cycle consistency', () => {
  it('is the mean absolute difference over all values', async () => {
    const [x, y] = [pattern([2, 3, 2, 2], 1), shiftedPattern([2, 3, 2, 2], 2)];
    const expected = x.data.reduce((total, v, i) => total + Math.abs(v - y.data[i]), 0) / 24;
    const cycle: Loss = (a, b) => cycleConsistencyLoss(a, b, 'mean');
    const identity: Loss = (a, b) => identityMappingLoss(a, b, 'mean');
    expect(await valueFor(cycle, x, y)).toBeCloseTo(expected, 5);
    expect(await valueFor(identity, x, y)).toBeCloseTo(expected, 5);
  });
});

describe('image gradients', () => {
  const loss =
    (
      of: 'luminance' | 'channels',
      norm: 'l1' | 'l2' = 'l1',
      reduction: 'sum' | 'mean' = 'sum',
    ): Loss =>
    (a, b) =>
      imageGradientLoss(a, b, { of, norm, reduction });

  it('compares the differences of neighbours in both directions', async () => {
    // The change is 1 0 0 / 0 0 −2: columns −1, 0 / 0, −2 and rows −1, 0, −2.
    expect(await valueFor(loss('channels'), original, refined)).toBeCloseTo(1 + 2 + 1 + 2, 5);
    expect(await valueFor(loss('channels', 'l2'), original, refined)).toBeCloseTo(1 + 4 + 1 + 4, 5);
    const mean = loss('channels', 'l1', 'mean');
    expect(await valueFor(mean, original, refined)).toBeCloseTo(3 / 4 + 3 / 3, 5);
  });

  it('does not see a change of the whole image', async () => {
    const lighter = hostTensor(
      original.shape,
      original.data.map((v) => v + 0.5),
    );
    expect(await valueFor(loss('channels'), original, lighter)).toBe(0);
  });

  it('of the luminance does not see a change of colour alone', async () => {
    // Red up and blue down so that 0.299 r + 0.114 b stays.
    const x = hostTensor([1, 3, 2, 2]);
    const y = values([1, 3, 2, 2], 0.114, 0, 0.114, 0, 0, 0, 0, 0, -0.299, 0, -0.299, 0);
    expect(await valueFor(loss('luminance'), x, y)).toBeCloseTo(0, 6);
    expect(await valueFor(loss('channels'), x, y)).toBeCloseTo((2 * (0.114 + 0.299)) / 3, 5);
  });

  it('has the gradient that differences show', async () => {
    const f = (y: Tensor) =>
      imageGradientLoss(constant(pattern([1, 3, 3, 3], 4).data, [1, 3, 3, 3]), y, {
        of: 'luminance',
        norm: 'l2',
        reduction: 'mean',
      });
    expect(await gradientError(f, shiftedPattern([1, 3, 3, 3], 5))).toBeLessThan(2e-3);
  });
});

describe('luminance and chrominance', () => {
  it('are those of BT.601', async () => {
    // Red, green, blue, white and grey.
    const x = values([1, 3, 1, 5], 1, 0, 0, 1, 0.5, 0, 1, 0, 1, 0.5, 0, 0, 1, 1, 0.5);
    const luma = await evaluate(luminance, x);
    const colour = await evaluate(chrominance, x);
    const expected = [0.299, 0.587, 0.114, 1, 0.5];
    for (const [i, value] of expected.entries()) expect(luma.data[i]).toBeCloseTo(value, 6);
    // Cb of blue and Cr of red are ½; greys have none.
    expect(colour.data[2]).toBeCloseTo(0.5, 6);
    expect(colour.data[5]).toBeCloseTo(0.5, 6);
    expect(colour.data[0]).toBeCloseTo(-0.299 / 1.772, 6);
    for (const i of [3, 4, 8, 9]) expect(colour.data[i]).toBeCloseTo(0, 6);
  });

  it('refuse two channels', async () => {
    const two = hostTensor([1, 2, 3, 3]);
    for (const part of [luminance, chrominance]) {
      await expect(evaluate(part, two)).rejects.toThrow('images [batch, 3, height, width]');
    }
  });

  it('have the gradient that differences show', async () => {
    for (const part of [luminance, chrominance]) {
      const f = (y: Tensor) => sum(square(part(y)));
      expect(await gradientError(f, shiftedPattern([1, 3, 2, 2], 7))).toBeLessThan(2e-3);
    }
  });
});

describe('total variation', () => {
  it('sums the differences of neighbours', async () => {
    const f = (x: Tensor) => totalVariationLoss(x, 'sum');
    // Columns 0 1 / 1 −1, rows 2 3 1.
    expect(scalarOf(await evaluate(f, refined))).toBeCloseTo(0 + 1 + 1 + 1 + 2 + 3 + 1, 5);
    expect(await gradientError(f, pattern([1, 2, 3, 3], 8))).toBeLessThan(2e-3);
  });
});

describe('feature distance', () => {
  it('weighs the distances of the taps', async () => {
    const features = (x: Tensor) => [multiply(x, 3), averagePool2d(x, { kernel: 2 })];
    const loss: Loss = (a, b) =>
      featureDistance(a, b, features, { weights: [0.5, 4], norm: 'l1', reduction: 'mean' });
    const x = values([1, 1, 2, 2], 1, 2, 3, 4);
    const y = values([1, 1, 2, 2], 1, 2, 3, 2);
    expect(await valueFor(loss, x, y)).toBeCloseTo(0.5 * (6 / 4) + 4 * (2 / 4), 5);
  });

  it('has the gradient that differences show, on the refined side', async () => {
    const features = (x: Tensor) => [multiply(x, x)];
    const f = (y: Tensor) =>
      featureDistance(constant(pattern([1, 1, 2, 2], 9).data, [1, 1, 2, 2]), y, features, {
        norm: 'l2',
        reduction: 'mean',
      });
    expect(await gradientError(f, shiftedPattern([1, 1, 2, 2], 10))).toBeLessThan(2e-3);
  });
});

describe('identity embedding', () => {
  const flat = (x: Tensor) => reshape(x, [x.shape[0], -1]);
  const loss: Loss = (a, b) => identityEmbeddingLoss(a, b, flat);

  it('is 1 minus the cosine, whatever the lengths', async () => {
    const x = values([3, 2, 1, 1], 1, 0, 3, 4, 0, 2);
    const y = values([3, 2, 1, 1], 5, 0, 4, 3, 0, -1);
    expect(await valueFor(loss, x, y)).toBeCloseTo((0 + (1 - 24 / 25) + 2) / 3, 5);
  });

  it('is finite for embeddings of 0', async () => {
    const zero = hostTensor([1, 2, 1, 1]);
    expect(await valueFor(loss, zero, zero)).toBeCloseTo(1, 5);
  });

  it('has the gradient that differences show', async () => {
    const f = (y: Tensor) => loss(constant([1, -2, 0.5], [1, 3, 1, 1]), y);
    expect(await gradientError(f, values([1, 3, 1, 1], 0.7, 0.4, -1))).toBeLessThan(1e-3);
  });
});

describe('landmark consistency', () => {
  /** Two images with two points each. */
  const points = (x: Tensor) => reshape(x, [2, 2, 2]);
  const before = values([2, 1, 2, 2], 0, 0, 1, 1, 2, 2, 3, 3);
  const after = values([2, 1, 2, 2], 3, 4, 1, 1, 2, 2, 3, 4);

  it('is the mean squared distance of the points', async () => {
    const loss: Loss = (a, b) => landmarkConsistencyLoss(a, b, points);
    expect(await valueFor(loss, before, after)).toBeCloseTo((25 + 0 + 0 + 1) / 4, 5);
  });

  it('compares with labels where they are given', async () => {
    const target = [3, 4, 1, 1, 2, 2, 3, 3];
    const loss: Loss = (a, b) =>
      landmarkConsistencyLoss(a, b, points, { target: constant(target, [2, 2, 2]) });
    expect(await valueFor(loss, before, after)).toBeCloseTo(1 / 4, 5);
  });
});

describe('weights of the pixels', () => {
  type Sizes = { readonly norm?: 'l1' | 'l2'; readonly reduction?: 'sum' | 'mean' };
  const loss =
    (weights: HostTensor, { norm = 'l1', reduction = 'sum' }: Sizes = {}): Loss =>
    (a, b) =>
      selfRegularizationLoss(a, b, {
        norm,
        difference: 'per-channel',
        reduction,
        weights: constant(weights.data, weights.shape),
      });
  const edges =
    (weights: HostTensor): Loss =>
    (a, b) =>
      imageGradientLoss(a, b, {
        of: 'channels',
        norm: 'l1',
        reduction: 'sum',
        weights: constant(weights.data, weights.shape),
      });

  it('count each change', async () => {
    const weights = values([1, 1, 2, 3], 2, 9, 9, 9, 9, 0.5);
    expect(await valueFor(loss(weights), original, refined)).toBeCloseTo(2 + 1, 5);
    const squares = loss(weights, { norm: 'l2', reduction: 'mean' });
    expect(await valueFor(squares, original, refined)).toBeCloseTo((2 + 2) / 6, 5);
  });

  it('count the difference of two pixels by the larger one', async () => {
    // The change is 1 0 0 / 0 0 −2: pairs along rows −1, 0 / 0, −2 and along columns −1, 0, −2.
    const weights = values([1, 1, 2, 3], 2, 3, 1, 5, 0, 0.5);
    const [rows, columns] = [3 * 1 + 0.5 * 2, 5 * 1 + 1 * 2];
    expect(await valueFor(edges(weights), original, refined)).toBeCloseTo(rows + columns, 5);
  });

  it('of 1 change nothing', async () => {
    const [x, y] = [pattern([2, 3, 2, 2], 11), shiftedPattern([2, 3, 2, 2], 12)];
    const ones = hostTensor([2, 1, 2, 2], new Float32Array(8).fill(1));
    const plain: Loss = (a, b) =>
      selfRegularizationLoss(a, b, { norm: 'l1', difference: 'per-channel', reduction: 'sum' });
    const plainEdges: Loss = (a, b) =>
      imageGradientLoss(a, b, { of: 'channels', norm: 'l1', reduction: 'sum' });
    expect(await valueFor(loss(ones), x, y)).toBeCloseTo(await valueFor(plain, x, y), 5);
    expect(await valueFor(edges(ones), x, y)).toBeCloseTo(await valueFor(plainEdges, x, y), 5);
  });

  it('are refused where they have another size', async () => {
    const weights = hostTensor([1, 1, 3, 2]);
    await expect(valueFor(loss(weights), original, refined)).rejects.toThrow(
      'differenceNorm: Expected weights [1, 1, 2, 3], got [1, 1, 3, 2].',
    );
  });
});
