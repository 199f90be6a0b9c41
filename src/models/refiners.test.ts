import { describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { flattenTree, mapTree, type Tree } from '../base/tree.ts';
import { parameterCount } from '../nn/parameter-count.ts';
import { evaluate } from '../nn/testing/evaluate.ts';
import { gradients } from '../tensor/gradient.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { square } from '../tensor/operators/elementwise.ts';
import { sum } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mapHost, pattern } from '../testing/pattern.ts';
import { colourGridRefiner } from './colour-grid-refiner.ts';
import type { Refiner } from './network.ts';
import { pixelShuffleRefiner } from './pixel-shuffle-refiner.ts';
import { refiners } from './refiners.ts';
import { resnetGenerator } from './resnet-generator.ts';
import { outputShape } from './testing/output-shape.ts';
import { isSizeIndependent } from './testing/size-independence.ts';
import { unet } from './unet.ts';

const key = randomKey(3);

/** Images in −1 … 1. */
const images = (shape: readonly number[], seed: number) =>
  mapHost(pattern(shape, seed), (value) => value / 2);

const applyOf = (refiner: Refiner) => (parameters: Tree<Tensor>, x: Tensor) =>
  refiner.apply(parameters, x);

/** Small networks with the structure of the large ones. */
const small: Readonly<Record<string, Refiner>> = {
  'pixel-shuffle': pixelShuffleRefiner({ channels: 3, features: 8, blocks: 1 }),
  'pixel-shuffle, factor 4': pixelShuffleRefiner({
    channels: 1,
    factor: 4,
    features: 8,
    blocks: 1,
  }),
  'pixel-shuffle, smooth': pixelShuffleRefiner({
    channels: 3,
    features: 8,
    blocks: 1,
    change: 'smooth',
  }),
  'pixel-shuffle, detail': pixelShuffleRefiner({
    channels: 3,
    features: 8,
    blocks: 1,
    change: 'detail',
  }),
  'pixel-shuffle, reflect': pixelShuffleRefiner({
    channels: 3,
    features: 8,
    blocks: 1,
    paddingMode: 'reflect',
  }),
  'colour-grid': colourGridRefiner({ channels: 3, features: 8, blocks: 1 }),
  'colour-grid, reduced': colourGridRefiner({ channels: 1, features: 8, blocks: 1, reduction: 2 }),
  unet: unet({ channels: 3, features: 4, levels: 2 }),
  'resnet-generator': resnetGenerator({ channels: 3, features: 4, blocks: 1 }),
};

const channelsOf = (name: string) => (/factor 4|reduced/.test(name) ? 1 : 3);
const startsAsIdentity = Object.entries(small).filter(([name]) => name !== 'resnet-generator');

/** Every parameter drawn anew, so that no layer is 0. */
function shaken(refiner: Refiner): Tree<HostTensor> {
  let seed = 50;
  return mapTree<HostTensor, HostTensor>(refiner.init(key), ({ shape, data }) => {
    const noise = pattern(shape, seed++);
    return hostTensor(
      shape,
      data.map((value, i) => value + noise.data[i] / 20),
    );
  });
}

describe('refiners', () => {
  it.each([
    ['pixel-shuffle', 332_204],
    ['colour-grid', 180_364],
    ['unet', 875_715],
    ['resnet-generator', 1_968_771],
  ] as const)('%s has %i parameters for three channels', (name, count) => {
    expect(parameterCount(refiners[name]({ channels: 3 }).init(key))).toBe(count);
  });

  it.each(Object.keys(refiners) as (keyof typeof refiners)[])(
    '%s keeps the shape of grey and colour images',
    (name) => {
      for (const channels of [1, 3]) {
        const refiner: Refiner = refiners[name]({ channels });
        const { multipleOf = 1 } = refiner;
        const shape = [2, channels, 3 * multipleOf, 2 * multipleOf];
        if (multipleOf > 1) expect(outputShape(refiner, shape)).toEqual(shape);
      }
    },
  );

  it.each(Object.entries(small))('%s is one program for all sizes', (name, refiner) => {
    expect(isSizeIndependent(refiner, channelsOf(name))).toBe(true);
  });

  it.each(startsAsIdentity)('%s starts as the identity, exactly', async (name, refiner) => {
    const x = images([2, channelsOf(name), 16, 32], 7);
    const y = await evaluate(applyOf(refiner), refiner.init(key), x);
    expect(y.data).toEqual(x.data);
  });

  it.each(Object.entries(small))('%s moves by every parameter', async (name, refiner) => {
    const x = images([2, channelsOf(name), 16, 16], 7);
    const parameters = shaken(refiner);
    const gradient = (traced: Tree<Tensor>, x: Tensor) =>
      gradients(
        sum(square(refiner.apply(traced, x))),
        flattenTree<Tensor>(traced).map(({ leaf }) => leaf),
      );
    const names = flattenTree<HostTensor>(parameters).map((leaf) => leaf.name);
    const result = (await evaluate(gradient, parameters, x)) as unknown as HostTensor[];
    for (const [i, { data }] of result.entries()) {
      const largest = Math.max(...data.map(Math.abs));
      // What instance normalisation takes away again is no influence.
      const removed = /convolution\.bias$|^blocks.*second\.norm\.shift$/.test(names[i]);
      if (removed) continue;
      expect(largest, names[i]).toBeGreaterThan(1e-4);
      expect(Number.isFinite(largest), names[i]).toBe(true);
    }
  });

  it('with a smooth change leave what alternates from pixel to pixel as it is', async () => {
    const x = images([1, 3, 32, 32], 9);
    /** The mean of the change under a checkerboard, beside the size of the change. */
    const grainOf = async (refiner: Refiner) => {
      const y = await evaluate(applyOf(refiner), shaken(refiner), x);
      const change = y.data.map((value, i) => value - x.data[i]);
      let [alternating, size] = [0, 0];
      for (let at = 0; at < change.length; at += 2) {
        if (Math.floor(at / 32) % 2 === 1) continue;
        const [a, b, c, d] = [change[at], change[at + 1], change[at + 32], change[at + 33]];
        alternating += Math.abs(a - b - c + d) / 4;
        size += (Math.abs(a) + Math.abs(b) + Math.abs(c) + Math.abs(d)) / 4;
      }
      return alternating / size;
    };
    const sharp = await grainOf(small['pixel-shuffle']);
    const smooth = await grainOf(small['pixel-shuffle, smooth']);
    expect(smooth).toBeGreaterThan(0);
    expect(smooth).toBeLessThan(sharp / 4);
  });

  it('refuse sizes that are no multiple of theirs', () => {
    const refiner: Refiner = small['pixel-shuffle'];
    expect(refiner.multipleOf).toBe(4);
    expect(() => outputShape(refiner, [1, 3, 17, 16])).toThrow('pixelUnshuffle');
  });
});

describe('resnet generator', () => {
  it('has the 7,837,699 parameters of CycleGAN’s, and scale and shift of the norms', () => {
    const published = resnetGenerator({ channels: 3, features: 64 });
    const normalized = 64 + 128 + 256 + 12 * 256 + 128 + 64;
    expect(parameterCount(published.init(key))).toBe(7_837_699 + 2 * normalized);
  });

  it('stays inside −1 … 1', async () => {
    const refiner = small['resnet-generator'];
    const y = await evaluate(applyOf(refiner), shaken(refiner), images([1, 3, 16, 16], 8));
    expect(Math.max(...y.data.map(Math.abs))).toBeLessThanOrEqual(1);
    expect(Math.max(...y.data) - Math.min(...y.data)).toBeGreaterThan(0.1);
  });
});

describe('resnet generator, padding and ways up', () => {
  it('leaves a flat image flat: no border of zeros, no overlapping windows on the way up', async () => {
    const refiner = small['resnet-generator'];
    const flat = hostTensor([1, 3, 16, 16], new Float32Array(3 * 16 * 16).fill(0.3));
    const y = await evaluate(applyOf(refiner), shaken(refiner), flat);
    for (let channel = 0; channel < 3; channel++) {
      const plane = y.data.subarray(channel * 256, (channel + 1) * 256);
      expect(Math.max(...plane) - Math.min(...plane)).toBeLessThan(1e-5);
    }
  });
});

describe('colour grid', () => {
  const refiner = colourGridRefiner({ channels: 3, features: 8, blocks: 1 });

  /** The transform is the same for all pixels where only the bias of the last layer is not 0. */
  function constantTransform(coefficients: readonly number[]): Tree<HostTensor> {
    const fresh = refiner.init(key);
    const bias = hostTensor([12], Float32Array.from(coefficients));
    return { ...fresh, output: { ...fresh.output, bias } };
  }

  it('adds an affine change of colours: A x + b', async () => {
    // Red gains half of green and 0.1; green nothing; blue loses a quarter of itself.
    const ofRed = [0, 0, 0];
    const ofGreen = [0.5, 0, 0];
    const ofBlue = [0, 0, -0.25];
    const parameters = constantTransform([...ofRed, ...ofGreen, ...ofBlue, 0.1, 0, 0]);
    const x = images([1, 3, 8, 8], 9);
    const y = await evaluate(applyOf(refiner), parameters, x);
    for (let pixel = 0; pixel < 64; pixel++) {
      const [red, green, blue] = [0, 64, 128].map((start) => x.data[start + pixel]);
      expect(y.data[pixel]).toBeCloseTo(red + green / 2 + 0.1, 5);
      expect(y.data[64 + pixel]).toBeCloseTo(green, 5);
      expect(y.data[128 + pixel]).toBeCloseTo(blue * 0.75, 5);
    }
  });

  it('gives two pixels of one colour the same colour where the grid does not change', async () => {
    const flat = colourGridRefiner({ channels: 3, features: 8, blocks: 1, cell: 16 });
    const x = images([1, 3, 16, 16], 10);
    for (const channel of [0, 1, 2]) {
      x.data[channel * 256 + 200] = x.data[channel * 256];
    }
    const y = await evaluate(applyOf(flat), shaken(flat), x);
    for (const channel of [0, 1, 2]) {
      expect(y.data[channel * 256 + 200]).toBeCloseTo(y.data[channel * 256], 5);
    }
    expect(y.data[0]).not.toBeCloseTo(x.data[0], 3);
  });
});
