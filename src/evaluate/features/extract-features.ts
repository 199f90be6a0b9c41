import type { ImageFile } from '../../data/dataset.ts';
import { BrokenImageError } from '../../data/decode.ts';
import type { ColorImage } from '../../faces/index.ts';
import { forEachConcurrently } from '../../refine/for-each-concurrently.ts';
import { type ImageForm, loadImage } from '../../refine/verification/load-image.ts';
import { type ContentCache, hashOfFile } from './content-cache.ts';
import type { FeatureSpace } from './feature-spaces.ts';

export interface ExtractOptions {
  readonly spaces: readonly FeatureSpace[];
  /** How images are made equal before their features are compared. */
  readonly form: Required<ImageForm>;
  readonly cache: ContentCache;
  /** Called after each image. */
  readonly onImage?: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** Features of a set in several spaces. */
export interface SetOfFeatures {
  /**
   * By the name of the space, a row an image in the order given; images without features in the
   * space are undefined.
   */
  readonly features: ReadonlyMap<string, readonly (Float32Array | undefined)[]>;
  readonly broken: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Features of each image in each space, from the cache where the same bytes were seen before. Only
 * the features stay in memory.
 */
export async function extractFeatures(
  images: readonly ImageFile[],
  { spaces, form, cache, onImage, signal }: ExtractOptions,
): Promise<SetOfFeatures> {
  const rows = spaces.map(() => new Array<Float32Array | undefined>(images.length));
  const broken: { name: string; reason: string }[] = [];
  await forEachConcurrently([...images.entries()], async ([i, { name, path }]) => {
    signal?.throwIfAborted();
    try {
      const found = await featuresOfFile(path, { spaces, form, cache });
      for (const [s, features] of found.entries()) rows[s][i] = features;
    } catch (error) {
      if (!(error instanceof BrokenImageError)) throw error;
      broken.push({ name, reason: error.reason });
    }
    onImage?.();
  });
  return { features: new Map(spaces.map(({ name }, s) => [name, rows[s]])), broken };
}

async function featuresOfFile(
  path: string,
  { spaces, form, cache }: Pick<ExtractOptions, 'spaces' | 'form' | 'cache'>,
): Promise<(Float32Array | undefined)[]> {
  const content = await hashOfFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new BrokenImageError(path, `cannot be read (${error.code})`, { cause: error });
  });
  let decoded: Promise<ColorImage> | undefined;
  const results: (Float32Array | undefined)[] = [];
  for (const space of spaces) {
    const extract = async () => {
      decoded ??= loadImage(path, form);
      return space.extract(await decoded);
    };
    results.push(await rememberFeatures(cache, space, { content, form, extract }));
  }
  return results;
}

/**
 * The features of an image in a space, from the cache where its bytes (by hash) were seen before.
 */
export async function rememberFeatures(
  cache: ContentCache,
  { name, version }: Pick<FeatureSpace, 'name' | 'version'>,
  {
    content,
    form,
    extract,
  }: {
    readonly content: string;
    readonly form: Required<ImageForm>;
    readonly extract: () => Promise<Float32Array | undefined>;
  },
): Promise<Float32Array | undefined> {
  const kind = `features ${name} ${version}`;
  const bytes = await cache.remember(kind, [content, JSON.stringify(form)], async () => {
    const features = await extract();
    if (features === undefined) return new Uint8Array();
    return new Uint8Array(features.buffer, features.byteOffset, features.byteLength);
  });
  return bytes.length === 0 ? undefined : new Float32Array(Uint8Array.from(bytes).buffer);
}
