import { beforeAll, describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { flattenTree } from '../base/tree.ts';
import { readFaceResNet, readMobileNetTrunk } from '../faces/weights/index.ts';
import { evaluate } from '../nn/testing/evaluate.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { pattern } from '../testing/pattern.ts';
import { discriminators } from './discriminators.ts';
import {
  besides,
  type FeatureDiscriminatorParameters,
  faceFeatureDiscriminator,
  objectFeatureDiscriminator,
  smallestFaceSide,
  smallestObjectSide,
} from './feature-discriminator.ts';
import {
  constantWeights,
  type FaceResNetWeights,
  type MobileNetTrunkWeights,
} from './frozen/index.ts';
import { type MultiScaleDiscriminator, singleScale } from './network.ts';

let resnet: FaceResNetWeights<Tensor>;
let mobileNet: MobileNetTrunkWeights<Tensor>;
beforeAll(async () => {
  resnet = constantWeights<FaceResNetWeights<Tensor>>(await readFaceResNet());
  mobileNet = constantWeights<MobileNetTrunkWeights<Tensor>>(await readMobileNetTrunk());
});
const key = randomKey(3);

type FeatureDiscriminator = MultiScaleDiscriminator<
  FeatureDiscriminatorParameters<HostTensor>,
  FeatureDiscriminatorParameters<Tensor>
>;

/** The logits of every head for images. */
function logitsOf(network: FeatureDiscriminator, images: HostTensor) {
  const apply = (p: FeatureDiscriminatorParameters<Tensor>, x: Tensor) => network.apply(p, x);
  return evaluate(apply, network.init(key), images);
}

/** A grey image, and the same in three equal channels. */
function greyAndColour(side: number): [HostTensor, HostTensor] {
  const grey = pattern([1, 1, side, side], 2);
  const data = Float32Array.from([0, 1, 2].flatMap(() => [...grey.data]));
  return [grey, hostTensor([1, 3, side, side], data)];
}

function parameterCount(network: FeatureDiscriminator): number {
  const leaves = flattenTree<HostTensor>(network.init(key));
  return leaves.reduce((sum, { leaf }) => sum + leaf.data.length, 0);
}

describe('the discriminator of face features', () => {
  const outputOf = (channels: number, side: number) =>
    logitsOf(faceFeatureDiscriminator({ resnet }), pattern([2, channels, side, side], 1));

  it('gives patches of both depths, for colour and grey', async () => {
    for (const channels of [1, 3]) {
      const [shallow, deep] = await outputOf(channels, 64);
      expect(shallow.shape).toEqual([2, 2, 26, 26]);
      expect(deep.shape).toEqual([2, 2, 11, 11]);
      expect(deep.data.every(Number.isFinite)).toBe(true);
    }
  });

  it('takes images down to its smallest side', async () => {
    const [, deep] = await outputOf(3, smallestFaceSide);
    expect(deep.shape).toEqual([2, 2, 1, 1]);
    await expect(outputOf(3, smallestFaceSide - 1)).rejects.toThrow();
  });

  it('sees a grey image as one of equal channels', async () => {
    const [grey, colour] = greyAndColour(32);
    const network = faceFeatureDiscriminator({ resnet });
    const [a, b] = [await logitsOf(network, grey), await logitsOf(network, colour)];
    expect(b[1].data).toEqual(a[1].data);
  });

  it('has no frozen weight among its parameters', () => {
    // Two heads: 3×3 from 32 and 64 maps to 64, then 3×3 to 2 logits.
    const count = 9 * (32 + 64) * 64 + 2 * 64 + 2 * (9 * 64 * 2 + 2);
    expect(parameterCount(faceFeatureDiscriminator({ resnet }))).toBe(count);
  });

  it('adds its scales behind those of another', async () => {
    const pixels = singleScale(discriminators.patch({ channels: 3 }));
    const both = besides(pixels, faceFeatureDiscriminator({ resnet }));
    const logits = (await evaluate(
      (p: never, x: Tensor) => [...both.apply(p, x)],
      both.init(key) as never,
      pattern([1, 3, 64, 64], 1),
    )) as readonly HostTensor[];
    expect(logits.map(({ shape }) => shape[2])).toEqual([10, 26, 11]);
  });

  it('says what is missing where there is nothing to apply it to', async () => {
    const logits = logitsOf(faceFeatureDiscriminator({}), pattern([1, 3, 64, 64], 1));
    await expect(logits).rejects.toThrow('weights of the face network');
  });
});

describe('the discriminator of object features', () => {
  const outputOf = (channels: number, side: number) =>
    logitsOf(objectFeatureDiscriminator({ mobileNet }), pattern([2, channels, side, side], 1));

  it('gives patches of four depths, for colour and grey', async () => {
    for (const channels of [1, 3]) {
      const logits = await outputOf(channels, 64);
      const sides = [60, 28, 12, 4];
      expect(logits.map(({ shape }) => shape)).toEqual(sides.map((side) => [2, 2, side, side]));
      for (const { data } of logits) expect(data.every(Number.isFinite)).toBe(true);
    }
  });

  it('takes images down to its smallest side', async () => {
    expect((await outputOf(3, smallestObjectSide)).at(-1)?.shape).toEqual([2, 2, 1, 1]);
    await expect(outputOf(3, smallestObjectSide - 1)).rejects.toThrow('conv2d');
  });

  it('sees a grey image as one of equal channels', async () => {
    const [grey, colour] = greyAndColour(40);
    const network = objectFeatureDiscriminator({ mobileNet });
    const [a, b] = [await logitsOf(network, grey), await logitsOf(network, colour)];
    expect(b.map(({ data }) => data)).toEqual(a.map(({ data }) => data));
  });

  it('has no frozen weight among its parameters, whether there are frozen weights or not', () => {
    // Four heads: 3×3 from 16, 24, 32 and 64 maps to 64, then 3×3 to 2 logits.
    const count = 9 * (16 + 24 + 32 + 64) * 64 + 4 * 64 + 4 * (9 * 64 * 2 + 2);
    expect(parameterCount(objectFeatureDiscriminator({ mobileNet }))).toBe(count);
    expect(parameterCount(objectFeatureDiscriminator({}))).toBe(count);
  });

  it('says what is missing where there is nothing to apply it to', async () => {
    const logits = logitsOf(objectFeatureDiscriminator({}), pattern([1, 3, 64, 64], 1));
    await expect(logits).rejects.toThrow('weights of the MobileNet network');
  });
});
