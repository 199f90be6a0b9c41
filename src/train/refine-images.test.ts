import { expect, it } from 'vitest';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { trainConfig } from './config.ts';
import type { Engine } from './engine.ts';
import { refineImages } from './refine-images.ts';

it('refines with the refiner that is exported, in whole batches, and gives as many images as it got', async () => {
  const config = trainConfig({ size: 8, channels: 1, batchSize: 4, history: { capacity: 8 } });
  const calls: (readonly [string, number])[] = [];
  const refine: Engine['refine'] = async (images, which) => {
    calls.push([which, images.shape[0]]);
    return hostTensor(
      images.shape,
      images.data.map((value) => -value),
    ) as HostTensor;
  };
  const images = [0, 64, 255].map((byte) => new Uint8Array(64).fill(byte));
  const refined = await refineImages({ refine }, config, images);
  expect(refined).toEqual([255, 191, 0].map((byte) => new Uint8Array(64).fill(byte)));
  expect(calls).toEqual([
    ['exported', 2],
    ['exported', 2],
  ]);
});
