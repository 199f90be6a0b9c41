import { beforeAll, describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { flattenTree } from '../base/tree.ts';
import { readFaceResNet } from '../faces/weights/index.ts';
import { evaluate } from '../nn/testing/evaluate.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { pattern } from '../testing/pattern.ts';
import { discriminators } from './discriminators.ts';
import {
  besides,
  type FeatureDiscriminatorParameters,
  faceFeatureDiscriminator,
  smallestFaceSide,
} from './feature-discriminator.ts';
import { constantWeights, type FaceResNetWeights } from './frozen/index.ts';
import { singleScale } from './network.ts';

let resnet: FaceResNetWeights<Tensor>;
beforeAll(async () => {
  resnet = constantWeights<FaceResNetWeights<Tensor>>(await readFaceResNet());
});
const key = randomKey(3);

describe('the discriminator of face features', () => {
  const outputOf = async (channels: number, side: number) => {
    const network = faceFeatureDiscriminator({ resnet });
    const apply = (p: FeatureDiscriminatorParameters<Tensor>, x: Tensor) => network.apply(p, x);
    const x = pattern([2, channels, side, side], 1);
    return evaluate(apply, network.init(key), x);
  };

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
    const grey = pattern([1, 1, 32, 32], 2);
    const colour = hostTensor(
      [1, 3, 32, 32],
      Float32Array.from([0, 1, 2].flatMap(() => [...grey.data])),
    );
    const network = faceFeatureDiscriminator({ resnet });
    const apply = (p: FeatureDiscriminatorParameters<Tensor>, x: Tensor) => network.apply(p, x);
    const parameters = network.init(key);
    const a = await evaluate(apply, parameters, grey);
    const b = await evaluate(apply, parameters, colour);
    expect(b[1].data).toEqual(a[1].data);
  });

  it('has no frozen weight among its parameters', () => {
    const leaves = flattenTree(faceFeatureDiscriminator({ resnet }).init(key));
    const count = leaves.reduce(
      (sum, { leaf }) => sum + (leaf as { data: Float32Array }).data.length,
      0,
    );
    // Two heads: 3×3 from 32 and 64 maps to 64, then 3×3 to 2 logits.
    expect(count).toBe(9 * (32 + 64) * 64 + 2 * 64 + 2 * (9 * 64 * 2 + 2));
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

  it('says what is missing where there is nothing to apply it to', () => {
    const network = faceFeatureDiscriminator({});
    expect(() => network.apply([], undefined as never)).toThrow('weights of the face network');
  });
});
