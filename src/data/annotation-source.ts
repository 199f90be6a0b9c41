import { join } from 'node:path';
import sharp from 'sharp';
import { UserError } from '../base/user-error.ts';
import { landmarkCount } from '../models/frozen/face-landmarks.ts';
import type { Dataset } from './dataset.ts';
import type { ImageSize } from './decode.ts';
import { coveringSize, type FittedSizes } from './fitted-size.ts';
import { faceLandmarks, readLandmarks } from './landmarks.ts';
import { decodePartMask, findPartMasks } from './part-masks.ts';

/** Options of `createAnnotationSource`. */
export interface AnnotationSourceOptions {
  readonly dataset: Dataset;
  /** Of the images as they are trained on, in pixels. */
  readonly size: ImageSize;
  /** The configuration's key that needs part masks, for messages; left out: they are not read. */
  readonly partsFor?: string | undefined;
  /** Whether a set without any mask is taken; its annotations have no parts then. */
  readonly mayLackParts?: boolean | undefined;
  /** The configuration's key that needs 68 landmarks; left out: they are not read. */
  readonly landmarksFor?: string | undefined;
  /** Decoded bytes kept in memory. Default 128 MiB; 0 keeps none. */
  readonly cacheBytes?: number;
}

/** What is known of an image, at the size that it is trained on. */
export interface Annotation {
  /** Part codes, `[height, width]`. */
  readonly parts?: Uint8Array;
  /** x, y pairs of the 68 landmarks, in pixels of that size. */
  readonly landmarks?: Float32Array;
}

/** The annotations of a set that a configuration needs. */
export interface AnnotationSource {
  readonly parts: boolean;
  readonly landmarks: boolean;
  /**
   * The annotation of image `index`.
   *
   * @throws {UserError} where its mask cannot be used.
   */
  load(index: number): Promise<Annotation>;
}

/**
 * Finds the annotations of a set; masks are decoded when they are asked for, and those that fit
 * into `cacheBytes` are kept.
 *
 * @throws {UserError} where an image has not what is needed, naming it and the key that needs it.
 */
export async function createAnnotationSource({
  dataset,
  size,
  partsFor,
  mayLackParts,
  landmarksFor,
  cacheBytes = 2 ** 27,
}: AnnotationSourceOptions): Promise<AnnotationSource> {
  const masks =
    partsFor === undefined
      ? undefined
      : await findPartMasks(dataset, partsFor, { mayLack: mayLackParts });
  const points =
    landmarksFor === undefined ? undefined : await findLandmarks(dataset, landmarksFor);
  const capacity = Math.floor(cacheBytes / (size.height * size.width));
  const known = new Map<number, Annotation>();

  async function read(index: number): Promise<Annotation> {
    const path = join(dataset.directory, dataset.images[index]);
    const { autoOrient: image } = await sharp(path).metadata();
    const sizes = { image, target: size };
    return {
      ...(masks && { parts: await decodePartMask(masks[index], sizes) }),
      ...(points && { landmarks: fitLandmarks(points[index], sizes) }),
    };
  }

  return {
    parts: masks !== undefined,
    landmarks: points !== undefined,
    load: async (index) => {
      const annotation = known.get(index) ?? (await read(index));
      if (known.size < capacity) known.set(index, annotation);
      return annotation;
    },
  };
}

async function findLandmarks(dataset: Dataset, neededFor: string): Promise<Float32Array[]> {
  const landmarks = await readLandmarks(dataset);
  return dataset.images.map((image) => {
    const found = landmarks.get(image);
    const points = faceLandmarks(found);
    if (points !== undefined) return points;
    const labelled = found && (found.labelled?.filter(Boolean).length ?? found.points.length / 2);
    const got = labelled ?? 'none';
    throw new UserError(
      `Expected ${landmarkCount} landmarks of every image in ${dataset.directory} for ${neededFor}, got ${got} for "${image}". Run lifelike prepare on photographs, which finds them, or leave out ${neededFor}.`,
    );
  });
}

/** Landmarks of an image as it is after it was resized and cropped. */
function fitLandmarks(points: Float32Array, sizes: FittedSizes): Float32Array {
  const { image, target } = sizes;
  const resized = coveringSize(sizes);
  const scaled = (value: number, side: 'width' | 'height') =>
    (value * resized[side]) / image[side] - Math.floor((resized[side] - target[side]) / 2);
  return points.map((value, i) => scaled(value, i % 2 === 0 ? 'width' : 'height'));
}
