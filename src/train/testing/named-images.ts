import type { BatchSource } from '../../data/batches.ts';
import { type HostTensor, hostTensor } from '../../tensor/host-tensor.ts';

/** The first value of every image: fake images are of one value each, which names them. */
export function namesOf(images: HostTensor): number[] {
  const length = images.data.length / images.shape[0];
  return Array.from({ length: images.shape[0] }, (_, i) => images.data[i * length]);
}

/** Grey images of 8×8 pixels with these names. */
export function namedImages(names: readonly number[]): HostTensor {
  const images = hostTensor([names.length, 1, 8, 8]);
  for (const [i, name] of names.entries()) images.data.fill(name, i * 64, (i + 1) * 64);
  return images;
}

/** Images `first`, `first` + 1, … in batches. */
export function fakeSource(batchSize: number, first: number): BatchSource {
  const names = (step: number) =>
    Array.from({ length: batchSize }, (_, i) => first + step * batchSize + i);
  return {
    batch: async (step) => ({ images: namedImages(names(step)) }),
    prefetch: () => {},
    inspect: async () => {},
    summary: () => ({ images: 0, broken: [], notes: {} }),
  };
}
