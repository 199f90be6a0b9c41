import { describe, expect, it } from 'vitest';
import { partCodes } from '../data/part-masks.ts';
import { evaluate, ramp, scalarOf, values } from '../nn/testing/evaluate.ts';
import { parts } from '../render/assets/parts.ts';
import { hostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mapHost, pattern } from '../testing/pattern.ts';
import { type TrainConfigInput, trainConfig } from './config.ts';
import { createPixelWeights } from './part-weights.ts';
import { regularize } from './regularize.ts';

describe('weights of the parts', () => {
  it('have a name for every code that renders have, each once', () => {
    const named = Object.values(partCodes).flat();
    expect(named.toSorted((a, b) => a - b)).toEqual(Object.values(parts));
    expect(partCodes.eyes).toEqual([parts.rightEye, parts.leftEye]);
    expect(partCodes.brows).toEqual([parts.rightBrow, parts.leftBrow]);
    expect(partCodes.ears).toEqual([parts.rightEar, parts.leftEar]);
    expect(partCodes.mouth).toEqual([parts.innerMouth, parts.upperLip, parts.lowerLip]);
    for (const name of ['background', 'skin', 'nose', 'neck', 'hair', 'beard'] as const) {
      expect(partCodes[name]).toEqual([parts[name]]);
    }
  });

  it('become weights of the pixels, 1 where nothing is said', () => {
    const { regularization } = trainConfig({
      regularization: { partWeights: { eyes: 4, mouth: 3, background: 0 } },
    });
    const weights = createPixelWeights(regularization)(ramp([1, 1, 3, 6]));
    expect([...weights.data]).toEqual([0, 1, 1, 4, 4, 1, 1, 1, 1, 3, 3, 3, 1, 1, 1, 1, 1, 1]);
    expect(weights.shape).toEqual([1, 1, 3, 6]);
  });

  it('count in what compares pixels, and in nothing else', async () => {
    const [x, y] = [values([1, 1, 2, 2], 0, 0, 0, 0), values([1, 1, 2, 2], 0, 0, 0.5, 0.5)];
    const weights = values([1, 1, 2, 2], 9, 9, 2, 1);
    const measure = async (regularization: TrainConfigInput['regularization']) => {
      const config = trainConfig({ channels: 1, reduction: 'sum', regularization });
      const total = (a: Tensor, b: Tensor, pixelWeights: Tensor) =>
        regularize(a, b, config, { pixelWeights }).total;
      return scalarOf(await evaluate(total, x, y, weights));
    };
    expect(await measure({ pixels: 1 })).toBeCloseTo(2 * 0.5 + 1 * 0.5, 5);
    expect(await measure({ luminance: 1, pixels: 0 })).toBeCloseTo(2 * 0.5 + 1 * 0.5, 5);
    expect(await measure({ totalVariation: 1, pixels: 0 })).toBeCloseTo(2 * 0.5, 5);
    // Of squares the weight is squared too, but for single pixels, whose squares it weighs.
    const squares = { norm: 'l2' } as const;
    expect(await measure({ ...squares, pixels: 1 })).toBeCloseTo(2 * 0.25 + 1 * 0.25, 5);
    const luma = await measure({ ...squares, luminance: 1, pixels: 0 });
    expect(luma).toBeCloseTo(4 * 0.25 + 1 * 0.25, 5);
  });

  it.each([
    ...(['pixels', 'squares', 'channelMeans', 'imageGradients'] as const),
    ...(['tone', 'luminance', 'chrominance'] as const),
  ])('count in %s: with all of them twice as large it is twice as large', async (share) => {
    const config = trainConfig({
      reduction: 'mean',
      regularization: { pixels: 0, [share]: 1, norm: 'l1', difference: 'per-channel' },
    });
    const [x, y] = [ramp([1, 3, 16, 16]), mapHost(pattern([1, 3, 16, 16], 3), (v) => v / 4)];
    const measure = async (weight: number) => {
      const weights = hostTensor([1, 1, 16, 16], new Float32Array(256).fill(weight));
      const total = (a: Tensor, b: Tensor, pixelWeights: Tensor) =>
        regularize(a, b, config, { pixelWeights }).total;
      return scalarOf(await evaluate(total, x, y, weights));
    };
    const once = await measure(1);
    expect(once).toBeGreaterThan(0.01);
    expect((await measure(2)) / once).toBeCloseTo(2, 4);
  });
});
