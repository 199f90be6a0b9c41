import { join } from 'node:path';
import { spread } from '../base/spread.ts';
import { decodeImage } from '../data/decode.ts';
import { interleave } from '../data/pixels.ts';
import { writeContactSheet } from '../files/contact-sheet.ts';
import type { TrainConfig } from './config.ts';
import type { Engine } from './engine.ts';
import { refineImages } from './refine-images.ts';
import { explainingRunErrors } from './run-file-error.ts';
import type { TrainingImages } from './training-images.ts';

/** Pictures of how the same few renders are refined as training goes on. */
export interface Sampler {
  /** Writes the picture of an iteration; gives its path. */
  write(directory: string, step: number): Promise<string>;
}

/** Renders of the set, spread evenly over it. */
export function createSampler(
  config: TrainConfig,
  engine: Engine,
  images: TrainingImages,
): Sampler {
  const { channels, size } = config;
  const [height, width] = size;
  let originals: Promise<readonly Uint8Array[]> | undefined;
  return {
    write: async (directory, step) => {
      originals ??= loadOriginals(config, images);
      const loaded = await originals;
      const refined = await refineImages(engine, config, loaded);
      const path = join(directory, `${String(step).padStart(6, '0')}.png`);
      const picture = (bytes: Uint8Array) => ({
        data: interleave(bytes, channels),
        width,
        height,
        channels,
      });
      const items = loaded.map((bytes, i) => ({
        pictures: [picture(bytes), picture(refined[i])],
      }));
      await explainingRunErrors(path, () =>
        writeContactSheet(path, items, {
          title: `Iteration ${step}`,
          captions: ['render', 'refined'],
          arrangement: 'rows',
        }),
      );
      return path;
    },
  };
}

async function loadOriginals(
  { channels, size, samples }: TrainConfig,
  { syntheticSet }: TrainingImages,
): Promise<Uint8Array[]> {
  const { images, directory } = syntheticSet;
  const [height, width] = size;
  const loaded: Uint8Array[] = [];
  for (const name of spread(images, samples.count)) {
    const path = join(directory, name);
    const decoded = await decodeImage(path, { channels, size: { height, width } }).catch(
      () => undefined,
    );
    if (decoded) loaded.push(decoded.pixels);
  }
  return loaded;
}
