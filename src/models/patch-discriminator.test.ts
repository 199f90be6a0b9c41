import { describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { mapTree, type Tree } from '../base/tree.ts';
import { parameterCount } from '../nn/parameter-count.ts';
import { evaluate } from '../nn/testing/evaluate.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mapHost, pattern } from '../testing/pattern.ts';
import { discriminators, multiScaleDiscriminators } from './discriminators.ts';
import type { MultiScaleDiscriminatorParameters } from './multi-scale-discriminator.ts';
import { singleScale } from './network.ts';
import {
  localPatchLayers,
  type PatchDiscriminatorParameters,
  patchDiscriminator,
  pix2pixLayersFor,
  pix2pixPatchLayers,
  windowsOf,
} from './patch-discriminator.ts';
import { receptiveField } from './receptive-field.ts';
import type { SimganDiscriminatorParameters } from './simgan-discriminator.ts';
import { outputShape } from './testing/output-shape.ts';

const key = randomKey(4);
type Parameters = PatchDiscriminatorParameters<Tensor>;

describe('patch discriminator', () => {
  it('has the published fields', () => {
    expect(receptiveField(windowsOf(localPatchLayers()))).toBe(26);
    const fields = [1, 2, 3].map((n) => receptiveField(windowsOf(pix2pixPatchLayers(n))));
    expect(fields).toEqual([16, 34, 70]);
  });

  it('has the published field for large images, a smaller one for small ones', () => {
    const field = (side: number) => receptiveField(windowsOf(pix2pixLayersFor(side)));
    expect([32, 64, 128, 256].map(field)).toEqual([16, 34, 34, 70]);
    const patches = (side: number) =>
      outputShape(discriminators.cyclegan({ channels: 3, side }), [1, 3, side, side]);
    // A patch every 8 pixels with three strided convolutions, every 4 with two, every 2 with one.
    expect(patches(256)).toEqual([1, 2, 32, 32]);
    expect(patches(64)).toEqual([1, 2, 16, 16]);
    expect(patches(32)).toEqual([1, 2, 16, 16]);
  });

  it.each([
    ['patch', 110_562],
    ['cyclegan', 170_082],
  ] as const)('%s has %i parameters for three channels', (name, count) => {
    expect(parameterCount(discriminators[name]({ channels: 3 }).init(key))).toBe(count);
  });

  it.each([
    ['patch', 1],
    ['cyclegan', 1],
    ['cyclegan', 4],
  ] as const)(
    '%s has the width that is asked for, for images of %i times 64 pixels',
    (name, times) => {
      const trunkOf = (features?: number) => {
        const options = { channels: 3 as const, side: 64 * times, ...(features && { features }) };
        const { trunk } = discriminators[name](options).init(key) as {
          readonly trunk: readonly { readonly weight: { readonly shape: readonly number[] } }[];
        };
        return trunk.map(({ weight }) => weight.shape[0]);
      };
      expect(trunkOf(64)).toEqual(trunkOf().map((filters) => 2 * filters));
      expect(trunkOf()[0]).toBe(32);
      expect(trunkOf(64)).toHaveLength(times === 4 ? 4 : 3);
    },
  );

  it('has the 2,764,737 parameters of CycleGAN’s with a second logit instead of one', () => {
    // 64-128-256-512 as published; the norms there have scale and shift too (+2 · 896 here).
    const published = patchDiscriminator({
      channels: 3,
      layers: pix2pixPatchLayers(3, 64),
      normalization: 'instance',
    });
    expect(parameterCount(published.init(key))).toBe(2_764_737 + 4 * 4 * 512 + 1 + 2 * 896);
  });

  it('gives 10×10 patches of 64×64 pixels without padding, ceil(size / 4) with it', () => {
    const { patch, cyclegan } = discriminators;
    expect(outputShape(patch({ channels: 3 }), [2, 3, 64, 64])).toEqual([2, 2, 10, 10]);
    const padded = patch({ channels: 1, padding: 'same' });
    expect(outputShape(padded, [1, 1, 35, 55])).toEqual([1, 2, 9, 14]);
    expect(outputShape(cyclegan({ channels: 3 }), [1, 3, 64, 64])).toEqual([1, 2, 16, 16]);
  });

  const run = async (padding: 'valid' | 'same', x: HostTensor) => {
    const network = patchDiscriminator({ channels: 1, layers: localPatchLayers(4), padding });
    const apply = (p: Parameters, x: Tensor) => network.apply(p, x);
    return evaluate(apply, network.init(key), x);
  };

  it('cannot tell where a patch lies without padding, and can with it', async () => {
    const constant = hostTensor([1, 1, 40, 40], new Float32Array(1600).fill(0.7));
    const spread = async (padding: 'valid' | 'same') => {
      const { data, shape } = await run(padding, constant);
      const logits = data.subarray(0, shape[2] * shape[3]);
      return Math.max(...logits) - Math.min(...logits);
    };
    expect(await spread('valid')).toBeLessThan(1e-5);
    expect(await spread('same')).toBeGreaterThan(1e-2);
  });

  it('sees 26 pixels and no more', async () => {
    const x = pattern([1, 1, 40, 40], 3);
    const outside = hostTensor(
      x.shape,
      x.data.map((value, i) => (i % 40 < 26 && i < 26 * 40 ? value : -value)),
    );
    const [a, b] = [await run('valid', x), await run('valid', outside)];
    expect(b.data[0]).toBe(a.data[0]);
    expect(b.data[1]).not.toBe(a.data[1]);
  });

  it('does not depend on the scale of spectrally normalised weights', async () => {
    const network = patchDiscriminator({
      channels: 1,
      layers: localPatchLayers(4),
      spectralNorm: true,
    });
    const apply = (p: Parameters, x: Tensor) => network.apply(p, x);
    const parameters: Tree<HostTensor> = network.init(key);
    const larger = mapTree<HostTensor, HostTensor>(parameters, (leaf) =>
      mapHost(leaf, (v) => v * 3),
    );
    const x = pattern([1, 1, 28, 28], 4);
    const [a, b] = [await evaluate(apply, parameters, x), await evaluate(apply, larger, x)];
    for (const [i, value] of a.data.entries()) expect(b.data[i]).toBeCloseTo(value, 4);
  });
});

describe('multi-scale discriminator', () => {
  const network = multiScaleDiscriminators['multi-scale']({
    channels: 3,
    layers: localPatchLayers(4),
  });
  const apply = (p: MultiScaleDiscriminatorParameters<Tensor>, x: Tensor) => network.apply(p, x);

  it('gives logits of each scale', async () => {
    const [fine, coarse] = await evaluate(apply, network.init(key), pattern([2, 3, 64, 64], 5));
    expect(fine.shape).toEqual([2, 2, 10, 10]);
    expect(coarse.shape).toEqual([2, 2, 2, 2]);
  });

  it('judges the averaged image at the coarse scale', async () => {
    const x = pattern([1, 3, 52, 52], 6);
    // Pixels of a 2×2 square changed by +0.5 and −0.5 keep their mean.
    const textured = hostTensor(
      x.shape,
      x.data.map((value, i) => value + (i % 2 === 0 ? 0.5 : -0.5)),
    );
    const parameters = network.init(key);
    const [a, b] = [
      await evaluate(apply, parameters, x),
      await evaluate(apply, parameters, textured),
    ];
    expect(b[0].data[0]).not.toBeCloseTo(a[0].data[0], 3);
    expect(b[1].data[0]).toBeCloseTo(a[1].data[0], 4);
  });
});

it('a single scale is a list of one', async () => {
  const network = discriminators['simgan-eyes']({ channels: 1 });
  const list = singleScale(network);
  const x = pattern([1, 1, 8, 8], 7);
  const parameters = list.init(key);
  const one = await evaluate(
    (p: SimganDiscriminatorParameters<Tensor>, x: Tensor) => network.apply(p, x),
    parameters,
    x,
  );
  const many = await evaluate((p: Tree<Tensor>, x: Tensor) => list.apply(p, x), parameters, x);
  expect(many.length).toBe(1);
  expect(many[0].data).toEqual(one.data);
});
