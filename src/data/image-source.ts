import { join } from 'node:path';
import { UserError } from '../base/user-error.ts';
import type { Dataset } from './dataset.ts';
import { BrokenImageError, type DecodeNote, decodeImage } from './decode.ts';
import { inspectHeader } from './image-header.ts';

/** A file that could not be used, and why, as a phrase: “is empty (0 bytes)”. */
export interface BrokenImage {
  readonly name: string;
  readonly reason: string;
}

/** What was met so far in a set. */
export interface SourceSummary {
  readonly images: number;
  /** In the order of their names. */
  readonly broken: readonly BrokenImage[];
  /** In how many files each conversion was made. */
  readonly notes: Readonly<Partial<Record<DecodeNote, number>>>;
}

/** Options of `createImageSource`. */
export interface ImageSourceOptions {
  readonly dataset: Dataset;
  /** Pixels. */
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** The fraction of the set that may be broken, 0 … 1. Default 0.05. */
  readonly maxBroken?: number;
  /** Decoded bytes kept in memory. Default 512 MiB; 0 keeps none. */
  readonly cacheBytes?: number;
}

/** The images of a set, decoded at one size. */
export interface ImageSource {
  readonly count: number;
  /**
   * Bytes `[channels, height, width]` of image `index`, or `undefined` where it is broken.
   *
   * @throws {UserError} once more than `maxBroken` of the set is broken.
   */
  load(index: number): Promise<Uint8Array | undefined>;
  /**
   * Looks at the first bytes of every file (about 40 µs each), so that a set of empty or wrongly
   * named files is refused at once. Changes nothing about what `load` gives.
   *
   * @throws {UserError} where more than `maxBroken` of the set is broken.
   */
  inspect(): Promise<void>;
  summary(): SourceSummary;
}

function tooManyBroken(dataset: Dataset, broken: readonly BrokenImage[], limit: number): UserError {
  const first = broken.slice(0, 5).map(({ name, reason }) => `  ${name} ${reason}`);
  const more = broken.length > first.length ? [`  … and ${broken.length - first.length} more`] : [];
  return new UserError(
    [
      `Expected at most ${(100 * limit).toFixed(1).replace(/\.0$/, '')} % broken images in ${dataset.directory}, got ${broken.length} of ${dataset.images.length}. Mend them, allow more with --max-broken, or remove them and begin a new run:`,
      ...first,
      ...more,
    ].join('\n'),
  );
}

/**
 * Decodes the images of a set at one size. The first that fit into `cacheBytes` are kept, so that a
 * small set is decoded once and a large one streams: in a random order, which visits each image
 * once an epoch, no other choice of what to keep would save more.
 */
export function createImageSource(options: ImageSourceOptions): ImageSource {
  const { dataset, height, width, channels, maxBroken = 0.05, cacheBytes = 2 ** 29 } = options;
  const count = dataset.images.length;
  const capacity = Math.floor(cacheBytes / (channels * height * width));
  const cache = new Map<number, Uint8Array>();
  const pending = new Map<number, Promise<Uint8Array | undefined>>();
  const broken = new Map<number, BrokenImage>();
  const seen = new Uint8Array(count);
  const notes: Partial<Record<DecodeNote, number>> = {};

  const listBroken = () =>
    [...broken.entries()].sort(([a], [b]) => a - b).map(([, image]) => image);

  async function decode(index: number): Promise<Uint8Array | undefined> {
    const name = dataset.images[index];
    try {
      const path = join(dataset.directory, name);
      const image = await decodeImage(path, { channels, size: { height, width } });
      if (seen[index] === 0) for (const note of image.notes) notes[note] = (notes[note] ?? 0) + 1;
      seen[index] = 1;
      if (cache.size < capacity) cache.set(index, image.pixels);
      return image.pixels;
    } catch (error) {
      if (!(error instanceof BrokenImageError)) throw error;
      broken.set(index, { name, reason: error.reason });
      return undefined;
    } finally {
      pending.delete(index);
    }
  }

  function checkBroken(): void {
    if (broken.size > maxBroken * count || broken.size === count) {
      throw tooManyBroken(dataset, listBroken(), maxBroken);
    }
  }

  async function inspect(): Promise<void> {
    let next = 0;
    const work = async () => {
      while (next < count) {
        const index = next++;
        const name = dataset.images[index];
        const reason = await inspectHeader(join(dataset.directory, name));
        if (reason !== undefined) broken.set(index, { name, reason });
      }
    };
    await Promise.all(Array.from({ length: 4 }, work));
    checkBroken();
  }

  return {
    count,
    inspect,
    async load(index) {
      let pixels = cache.get(index);
      if (pixels === undefined && !broken.has(index)) {
        const running = pending.get(index) ?? decode(index);
        pending.set(index, running);
        pixels = await running;
      }
      checkBroken();
      return pixels;
    },
    summary: () => ({ images: count, broken: listBroken(), notes: { ...notes } }),
  };
}
