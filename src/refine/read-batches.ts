import { join } from 'node:path';
import {
  BrokenImageError,
  type DecodedImage,
  decodeImage,
  type ImageSize,
} from '../data/decode.ts';

/** An image of a set, decoded. */
export interface NamedImage {
  readonly name: string;
  readonly image: DecodedImage;
}

/** Images of one size, or one that cannot be read, with the reason as a phrase. */
export type Batch =
  | { readonly kind: 'images'; readonly images: readonly NamedImage[] }
  | { readonly kind: 'broken'; readonly name: string; readonly reason: string };

export interface BatchLimits {
  /** Images a batch. */
  readonly batchSize: number;
  /** Pixels a batch; a single image may have more. */
  readonly batchPixels: number;
}

/** How many images of a size make a full batch. */
export function fullBatch({ height, width }: ImageSize, limits: BatchLimits): number {
  return Math.min(limits.batchSize, Math.max(1, Math.floor(limits.batchPixels / (height * width))));
}

/** Images that wait for others of their size, the longest waiting first. */
function createWaitingRoom(limits: BatchLimits) {
  const groups = new Map<string, NamedImage[]>();
  let count = 0;
  let pixels = 0;
  const take = (key: string): readonly NamedImage[] => {
    const group = groups.get(key) ?? [];
    groups.delete(key);
    count -= group.length;
    for (const { image } of group) pixels -= image.height * image.width;
    return group;
  };
  return {
    /** Gives the batch that the image fills, if it does. */
    add(named: NamedImage): readonly NamedImage[] | undefined {
      const { height, width } = named.image;
      const key = `${height}x${width}`;
      const group = groups.get(key) ?? [];
      group.push(named);
      groups.set(key, group);
      count += 1;
      pixels += height * width;
      return group.length >= fullBatch(named.image, limits) ? take(key) : undefined;
    },
    takeOldest(): readonly NamedImage[] | undefined {
      const [oldest] = groups.keys();
      return oldest === undefined ? undefined : take(oldest);
    },
    /** In a set of many sizes, few images meet their like: they must not fill the memory. */
    isFull: () => count >= 4 * limits.batchSize || pixels >= 4 * limits.batchPixels,
  };
}

export interface ReadBatchesOptions extends BatchLimits {
  readonly directory: string;
  readonly names: readonly string[];
  readonly channels: 1 | 3;
}

type Decoded = NamedImage | { readonly name: string; readonly reason: string };

async function decode(options: ReadBatchesOptions, name: string): Promise<Decoded> {
  const { directory, channels } = options;
  try {
    const image = await decodeImage(join(directory, name), { channels, keepAlpha: true });
    return { name, image };
  } catch (error) {
    if (!(error instanceof BrokenImageError)) throw error;
    return { name, reason: error.reason };
  }
}

/**
 * Decodes images and groups those of equal size into batches, in an order that names, sizes and
 * limits alone decide. About two batches are decoded while the caller works on one.
 */
export async function* readBatches(options: ReadBatchesOptions): AsyncGenerator<Batch> {
  const { names, batchSize, batchPixels } = options;
  const waiting = createWaitingRoom(options);
  const decoding: Promise<Decoded>[] = [];
  // No size is known before the first image: it is decoded alone.
  let latestPixels = Number.POSITIVE_INFINITY;
  const mayDecode = () =>
    decoding.length === 0 ||
    (decoding.length < 2 * batchSize && (decoding.length + 1) * latestPixels <= 2 * batchPixels);

  for (let next = 0; ; ) {
    while (next < names.length && mayDecode()) {
      const started = decode(options, names[next++]);
      // A failure is met when its turn comes, or never where the caller stops before.
      started.catch(() => {});
      decoding.push(started);
    }
    const decoded = waiting.isFull() ? undefined : await decoding.shift();
    if (decoded === undefined) {
      const images = waiting.takeOldest();
      if (images === undefined) return;
      yield { kind: 'images', images };
    } else if ('reason' in decoded) {
      yield { kind: 'broken', ...decoded };
    } else {
      latestPixels = decoded.image.height * decoded.image.width;
      const images = waiting.add(decoded);
      if (images !== undefined) yield { kind: 'images', images };
    }
  }
}
