import { byteOf, bytesToValues } from '../data/pixels.ts';
import { hostTensor } from '../tensor/host-tensor.ts';
import { freshCount, type TrainConfig } from './config.ts';
import type { Engine } from './engine.ts';

/**
 * Images `[channels, height, width]` refined by the refiner that is exported, in batches of the
 * size that the program was compiled for, the last one filled up. Changes nothing of the training.
 */
export async function refineImages(
  engine: Pick<Engine, 'refine'>,
  config: TrainConfig,
  images: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  const { channels, size } = config;
  const [height, width] = size;
  const length = channels * height * width;
  const count = freshCount(config);
  const results: Uint8Array[] = [];
  for (let start = 0; start < images.length; start += count) {
    const batch = hostTensor([count, channels, height, width]);
    const part = images.slice(start, start + count);
    for (const [i, bytes] of part.entries()) {
      bytesToValues(bytes, batch.data, { width, flip: false, offset: i * length });
    }
    const refined = await engine.refine(batch, 'exported');
    for (const i of part.keys()) {
      results.push(Uint8Array.from(refined.data.subarray(i * length, (i + 1) * length), byteOf));
    }
  }
  return results;
}
