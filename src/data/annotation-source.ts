import { join } from 'node:path';
import sharp from 'sharp';
import type { Dataset } from './dataset.ts';
import type { ImageSize } from './decode.ts';
import { decodePartMask, findPartMasks } from './part-masks.ts';

/** Options of `createAnnotationSource`. */
export interface AnnotationSourceOptions {
  readonly dataset: Dataset;
  /** Of the images as they are trained on, in pixels. */
  readonly size: ImageSize;
  /** The configuration's key that needs part masks, for messages; left out: they are not read. */
  readonly partsFor?: string | undefined;
  /** Decoded bytes kept in memory. Default 128 MiB; 0 keeps none. */
  readonly cacheBytes?: number;
}

/** What is known of an image, at the size that it is trained on. */
export interface Annotation {
  /** Part codes, `[height, width]`. */
  readonly parts?: Uint8Array;
}

/** The annotations of a set that a configuration needs. */
export interface AnnotationSource {
  readonly parts: boolean;
  /**
   * The annotation of image `index`.
   *
   * @throws {UserError} where its mask cannot be used.
   */
  load(index: number): Promise<Annotation>;
}

/**
 * Finds the annotations of a set; masks are decoded when they are asked for, and those that fit into
 * `cacheBytes` are kept.
 *
 * @throws {UserError} where an image has not what is needed, naming it and the key that needs it.
 */
export async function createAnnotationSource({
  dataset,
  size,
  partsFor,
  cacheBytes = 2 ** 27,
}: AnnotationSourceOptions): Promise<AnnotationSource> {
  const masks = partsFor === undefined ? undefined : await findPartMasks(dataset, partsFor);
  const capacity = Math.floor(cacheBytes / (size.height * size.width));
  const cache = new Map<number, Uint8Array>();

  async function loadMask(index: number, path: string): Promise<Uint8Array> {
    const known = cache.get(index);
    if (known !== undefined) return known;
    const { autoOrient: image } = await sharp(
      join(dataset.directory, dataset.images[index]),
    ).metadata();
    const codes = await decodePartMask(path, { image, target: size });
    if (cache.size < capacity) cache.set(index, codes);
    return codes;
  }

  return {
    parts: masks !== undefined,
    load: async (index) => (masks ? { parts: await loadMask(index, masks[index]) } : {}),
  };
}
