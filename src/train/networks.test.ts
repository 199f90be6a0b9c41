import { beforeAll, describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { mapTree, type Tree } from '../base/tree.ts';
import { evaluate } from '../nn/testing/evaluate.ts';
import { compile } from '../tensor/compile.ts';
import { topologicalOrder } from '../tensor/graph.ts';
import { type HostTensor, hostTensor, spec, specsOf } from '../tensor/host-tensor.ts';
import { tracedInput } from '../tensor/operators/input.ts';
import { type Shape, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { pattern } from '../testing/pattern.ts';
import { type TrainConfigInput, trainConfig } from './config.ts';
import { type FrozenNetworks, readFrozenNetworks } from './frozen-networks.ts';
import { createPartRefiner, createRefiner } from './networks.ts';
import { createPlayers } from './players.ts';

type Discriminator = NonNullable<TrainConfigInput['discriminator']>;

const both = { faceFeatures: true, objectFeatures: true };
let frozen: FrozenNetworks<HostTensor>;
beforeAll(async () => {
  frozen = await readFrozenNetworks(trainConfig({ discriminator: both }));
});

/** Shapes of the logits of all heads of a run's discriminator for one image. */
function logitShapes(options: Discriminator, image: readonly [number, number, number]) {
  const config = trainConfig({
    channels: image[0] as 1 | 3,
    discriminator: { architecture: 'patch', ...options },
  });
  const { discriminator } = createPlayers(config, frozen);
  const specs = [specsOf(discriminator.init(randomKey(1))), spec([1, ...image])] as const;
  return compile(
    (parameters, images) => [...discriminator.apply(parameters, images as Tensor)],
    specs,
  ).outputs.map(({ shape }) => shape);
}

const square = (side: number): Shape => [1, 2, side, side];

describe('the refiner', () => {
  const refinerOf = (refiner: TrainConfigInput['refiner'], size: number) =>
    createRefiner(trainConfig({ channels: 3, size, refiner }));
  const outputOf = async (refiner: TrainConfigInput['refiner'], x: HostTensor) => {
    const network = refinerOf(refiner, x.shape[3]);
    // Away from the identity that it begins as.
    const parameters = mapTree<HostTensor, HostTensor>(network.init(randomKey(2)), (leaf, name) => {
      const { data } = pattern(leaf.shape, name.length);
      return hostTensor(
        leaf.shape,
        leaf.data.map((value, i) => value + 0.1 * data[i]),
      );
    });
    return evaluate((p: Tree<Tensor>, images: Tensor) => network.apply(p, images), parameters, x);
  };

  it('has the padding that the configuration names', async () => {
    const flat = hostTensor([1, 3, 32, 32], new Float32Array(3 * 32 * 32).fill(0.5));
    const options = { architecture: 'pixel-shuffle', features: 16, blocks: 1 } as const;
    // Without zeros around it no place of a flat image differs from another; two by two share a
    // position.
    const unevenness = async (padding: 'zero' | 'reflect') => {
      const { data } = await outputOf({ ...options, padding }, flat);
      return Math.max(...[0, 2, 30].map((x) => Math.abs(data[x] - data[16 * 32 + 16])));
    };
    expect(await unevenness('reflect')).toBeLessThan(1e-4);
    expect(await unevenness('zero')).toBeGreaterThan(1e-3);
  });

  it.each([
    [128, 0, 6],
    [256, 0, 9],
    [256, 2, 2],
  ])('of CycleGAN for %d pixels with blocks %d has %d', (size, blocks, expected) => {
    const refiner = { architecture: 'resnet-generator', features: 16, blocks } as const;
    const network = createRefiner(trainConfig({ size, refiner }));
    const parameters = network.init(randomKey(1)) as { readonly blocks: readonly unknown[] };
    expect(parameters.blocks).toHaveLength(expected);
  });

  it('of a part is as deep and as reduced as its side asks, not the image', () => {
    const of = (architecture: 'resnet-generator' | 'colour-grid') =>
      trainConfig({ size: 512, refiner: { architecture }, parts: { refiner: true, side: 32 } });
    const generator = createPartRefiner(of('resnet-generator')).init(randomKey(1));
    expect((generator as { readonly blocks: readonly unknown[] }).blocks).toHaveLength(6);
    // The whole image’s is reduced eight times: a part of 32 pixels could not be.
    expect(createRefiner(of('colour-grid')).multipleOf).toBe(64);
    expect(createPartRefiner(of('colour-grid')).multipleOf).toBe(8);
  });

  it('sees a large image at the cost of a small one where it predicts a grid', async () => {
    const grid = { architecture: 'colour-grid', features: 16 } as const;
    expect(refinerOf({ ...grid, reduction: 8 }, 512).multipleOf).toBe(64);
    /** Numbers that all convolutions give. */
    const workOf = (reduction: number, side: number) => {
      const network = refinerOf({ ...grid, reduction }, side);
      const parameters = mapTree<HostTensor, Tensor>(network.init(randomKey(1)), (leaf, name) =>
        tracedInput(name, leaf.shape),
      );
      const refined = network.apply(parameters, tracedInput('images', [1, 3, side, side]));
      return topologicalOrder([refined])
        .filter(({ operator }) => operator.name === 'conv2d')
        .reduce((sum, { outputs }) => sum + sizeOf(outputs[0].shape), 0);
    };
    expect(workOf(8, 512)).toBe(workOf(1, 64));
    expect(workOf(1, 128)).toBeGreaterThan(3.9 * workOf(1, 64));
    // By itself it sees about 64 pixels; where that does not divide the size, more.
    expect(workOf(0, 512)).toBe(workOf(1, 64));
    expect(workOf(0, 64)).toBe(workOf(1, 64));
    expect(workOf(0, 192)).toBe(workOf(1, 64));
    expect(workOf(0, 120)).toBe(workOf(1, 120));
    expect(workOf(0, 200)).toBe(workOf(1, 200));
  });
});

describe('feature maps in the discriminator', () => {
  it('are those that the configuration names, behind the pixels', () => {
    const pixels = square(10);
    const [faces, objects] = [[26, 11].map(square), [60, 28, 12, 4].map(square)];
    expect(logitShapes({}, [3, 64, 64])).toEqual([pixels]);
    expect(logitShapes({ objectFeatures: true }, [3, 64, 64])).toEqual([pixels, ...objects]);
    expect(logitShapes(both, [3, 64, 64])).toEqual([pixels, ...faces, ...objects]);
    expect(logitShapes(both, [1, 64, 64])).toEqual([pixels, ...faces, ...objects]);
  });

  it('have their frozen networks read, and no others', async () => {
    const objects = trainConfig({ discriminator: { objectFeatures: true } });
    expect(Object.keys(await readFrozenNetworks(objects))).toEqual(['mobileNet']);
    expect(Object.keys(frozen)).toEqual(['resnet', 'mobileNet']);
    expect(await readFrozenNetworks(trainConfig())).toEqual({});
  });

  it('enlarge what is too small for the deepest of them', () => {
    const coarsest = (height: number, width: number) =>
      logitShapes({ objectFeatures: true }, [3, height, width]).at(-1);
    expect(coarsest(40, 40)).toEqual(square(1));
    // One pixel less is too little, twice of it is not.
    expect(coarsest(39, 39)).toEqual(coarsest(78, 78));
    expect(coarsest(8, 12)).toEqual([1, 2, 1, 3]);
  });
});
