import { beforeAll, describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { compile } from '../tensor/compile.ts';
import { type HostTensor, spec, specsOf } from '../tensor/host-tensor.ts';
import type { Shape, Tensor } from '../tensor/tensor.ts';
import { type TrainConfigInput, trainConfig } from './config.ts';
import { type FrozenNetworks, readFrozenNetworks } from './frozen-networks.ts';
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
