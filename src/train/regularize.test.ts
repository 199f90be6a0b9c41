import { describe, expect, it } from 'vitest';
import { evaluate, ramp, scalarOf } from '../nn/testing/evaluate.ts';
import { compile } from '../tensor/compile.ts';
import { type HostTensor, hostTensor, spec } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TrainConfigInput, trainConfig } from './config.ts';
import { regularize } from './regularize.ts';
import { flatImages } from './testing/stub-players.ts';

type Shares = TrainConfigInput['regularization'];
type Reduction = 'sum' | 'mean';

/** The regularizer as a traced function; λ is not in it, so the default one must not show. */
function regularizer(regularization: Shares, reduction: Reduction = 'mean', channels: 1 | 3 = 3) {
  const config = trainConfig({ channels, reduction, regularization });
  return (synthetic: Tensor, refined: Tensor) => regularize(synthetic, refined, config);
}

async function valuesOf(
  regularization: Shares,
  images: readonly [synthetic: HostTensor, refined: HostTensor],
  reduction: Reduction = 'mean',
) {
  const channels = images[0].shape[1] === 1 ? 1 : 3;
  const { total, terms } = await evaluate(
    regularizer(regularization, reduction, channels),
    ...images,
  );
  const named = Object.entries(terms).map(([name, term]) => [name, scalarOf(term)]);
  return { total: scalarOf(total), terms: Object.fromEntries(named) as Record<string, number> };
}

/** Two images of 4×4 pixels whose channels have one value each. */
function ofColour(...colour: readonly number[]): HostTensor {
  const data = Array.from({ length: 2 }, () => colour.flatMap((value) => Array(16).fill(value)));
  return hostTensor([2, colour.length, 4, 4], Float32Array.from(data.flat()));
}

const grey = ofColour(0.1, 0.1, 0.1);
/** Red by 0.3 more. */
const redder = ofColour(0.4, 0.1, 0.1);

const [luma, cb, cr] = [0.299 * 0.3, (0.299 * 0.3) / 1.772, (0.701 * 0.3) / 1.402];

describe('the regularizer', () => {
  it.each<[string, Shares, number]>([
    ['pixels', {}, 0.3 / 3],
    ['squared pixels', { norm: 'l2' }, 0.3 ** 2 / 3],
    ['the mean of the channels', { difference: 'channel-mean' }, 0.3 / 3],
    ['squares alone', { pixels: 0, squares: 1 }, 0.3 ** 2 / 3],
    ['the mean of the channels alone', { pixels: 0, channelMeans: 1 }, 0.3 / 3],
    ['luma', { pixels: 0, luminance: 1 }, luma],
    ['squared luma', { pixels: 0, luminance: 1, norm: 'l2' }, luma ** 2],
    ['chroma', { pixels: 0, chrominance: 1 }, (cb + cr) / 2],
    ['edges, of which flat images have none', { pixels: 0, imageGradients: 1 }, 0],
    ['variation, of which flat images have none', { pixels: 0, totalVariation: 1 }, 0],
    ['a share', { pixels: 0.25 }, (0.25 * 0.3) / 3],
  ])('measures %s', async (_, shares, expected) => {
    const mean = await valuesOf(shares, [grey, redder]);
    expect(mean.total).toBeCloseTo(expected, 5);
    // One term is the total; its name would only say so twice.
    expect(mean.terms).toEqual({});
    const sum = await valuesOf(shares, [grey, redder], 'sum');
    expect(sum.total).toBeCloseTo(16 * expected, 4);
  });

  it('sees an opposite change of two channels per channel only', async () => {
    const images = [grey, ofColour(0.4, -0.2, 0.1)] as const;
    expect((await valuesOf({ difference: 'per-channel' }, images)).total).toBeCloseTo(0.2, 5);
    expect((await valuesOf({ difference: 'channel-mean' }, images)).total).toBeCloseTo(0, 5);
  });

  it('combines absolute values with squares and with the means of the channels', async () => {
    // Two channels change by 0.3 against each other, so that their mean stays.
    const images = [grey, ofColour(0.4, -0.2, 0.1)] as const;
    const { total, terms } = await valuesOf({ squares: 2, channelMeans: 5 }, images);
    expect(terms.pixelDifference).toBeCloseTo(0.2, 5);
    expect(terms.squaredDifference).toBeCloseTo((2 * 0.3 ** 2) / 3, 5);
    expect(terms.channelMeanDifference).toBeCloseTo(0, 5);
    expect(total).toBeCloseTo(0.2 + 2 * 0.06, 5);
  });

  it('adds every term that is on with its share, and names the terms without it', async () => {
    // Values 0 … 31 of two images in steps of 0.01: 0.01 to the right, 0.04 down.
    const slope = ramp([2, 1, 4, 4], 0, 0.01);
    const images = [flatImages(0.5, { channels: 1 }), slope] as const;
    const shares = { pixels: 0.5, imageGradients: 2, luminance: 3, totalVariation: 5 };
    for (const [reduction, edges] of [
      ['mean', 0.01 + 0.04],
      ['sum', 12 * (0.01 + 0.04)],
    ] as const) {
      const { total, terms } = await valuesOf(shares, images, reduction);
      const pixels = (0.5 - 0.31 / 2) * (reduction === 'mean' ? 1 : 16);
      const expected = {
        pixelDifference: pixels,
        gradientDifference: edges,
        luminanceDifference: pixels,
        totalVariation: edges,
      };
      expect(Object.keys(terms)).toEqual(Object.keys(expected));
      for (const [name, value] of Object.entries(expected)) {
        expect([name, terms[name]]).toEqual([name, expect.closeTo(value, 4)]);
      }
      expect(total).toBeCloseTo((0.5 + 3) * pixels + (2 + 5) * edges, 3);
    }
  });

  it('takes the variation of the refined image, whatever the render has', async () => {
    const slope = ramp([2, 1, 4, 4], 0, 0.01);
    const flat = flatImages(0.5, { channels: 1 });
    const shares = { pixels: 0, totalVariation: 1 };
    expect((await valuesOf(shares, [slope, flat])).total).toBe(0);
    expect((await valuesOf(shares, [slope, slope])).total).toBeCloseTo(0.05, 5);
  });

  it('leaves chroma out of grey images', async () => {
    const images = [flatImages(0.5, { channels: 1 }), flatImages(0.3, { channels: 1 })] as const;
    const { total, terms } = await valuesOf({ pixels: 1, chrominance: 9 }, images);
    expect([total, terms]).toEqual([expect.closeTo(0.2, 5), {}]);
  });

  it('computes nothing of terms that are off', () => {
    const images = spec([2, 3, 4, 4]);
    const nodes = (shares: Shares) => {
      const total = regularizer(shares);
      const traced = (synthetic: unknown, refined: unknown) =>
        total(synthetic as Tensor, refined as Tensor).total;
      return compile(traced, [images, images]).nodeCount;
    };
    const all = { imageGradients: 1, luminance: 1, chrominance: 1, totalVariation: 1 };
    const off = { imageGradients: 0, luminance: 0, chrominance: 0, totalVariation: 0 };
    const one = nodes({ pixels: 1 });
    expect(nodes({ pixels: 1, ...off })).toBe(one);
    for (const name of Object.keys(all) as (keyof typeof all)[]) {
      expect([name, nodes({ pixels: 1, [name]: 1 }) > one]).toEqual([name, true]);
      const [without, complete] = [nodes({ ...all, [name]: 0 }), nodes(all)];
      expect([name, without < complete]).toEqual([name, true]);
    }
    // One convolution to luma; a second one, to chroma, would be for nothing.
    const operators = ['subtract', 'luma', 'abs', 'mean'];
    expect(nodes({ pixels: 0, luminance: 1 })).toBeLessThanOrEqual(operators.length + 1);
  });
});
