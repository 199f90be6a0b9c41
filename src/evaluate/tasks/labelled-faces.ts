import { join } from 'node:path';
import { permutation, type RandomKey, split } from '../../base/random.ts';
import { UserError } from '../../base/user-error.ts';
import type { Dataset } from '../../data/dataset.ts';
import { BrokenImageError } from '../../data/decode.ts';
import { faceLandmarks, pointsOf, readLandmarks } from '../../data/landmarks.ts';
import { applySimilarity, type Point, warp } from '../../faces/index.ts';
import { landmarkCount } from '../../models/frozen/face-landmarks.ts';
import { forEachConcurrently } from '../../refine/for-each-concurrently.ts';
import { readAnnotations } from '../../refine/verification/annotations.ts';
import { loadImage } from '../../refine/verification/load-image.ts';
import { anchorLandmarks, type FaceFrame, faceFrame, frameMap } from './face-frame.ts';
import { placesBeside } from './places-beside.ts';

/** A face cut out with its landmarks, small enough that thousands stay in memory. */
export interface LabelledFace {
  readonly name: string;
  /** RGB, `[3, 96, 96]`, 0 … 255: the frame and half of it around. */
  readonly crop: Uint8Array;
  /** 68 points, 0 … 1 along the sides of the crop. */
  readonly landmarks: readonly Point[];
  /** Which of them are labelled. */
  readonly known: readonly boolean[];
  /** Who it is, where the set says so. */
  readonly identity?: string | number | undefined;
  /** Crops of the image beside the face, in the form of `crop`. */
  readonly beside: readonly Uint8Array[];
}

/** Pixels of a crop, and its side as a multiple of the face's frame. */
export const [cropSize, cropMargin] = [96, 1.5] as const;

/** An image and where its pixels are, which may be in another folder than its labels. */
export interface FaceFile {
  readonly name: string;
  readonly path: string;
}

/**
 * The faces of a set that have 68 landmarks, cut out; a random choice where there are more than
 * `limit`. Points that `landmarks_visible` marks 0 count as unknown where `hidden` is `unknown`;
 * where it is `known`, a face must have them all.
 *
 * @throws {UserError} where fewer than 10 images have landmarks.
 */
export async function loadLabelledFaces(
  dataset: Dataset,
  options: {
    /** Default: the images of the dataset. */
    readonly files?: readonly FaceFile[];
    readonly limit: number;
    readonly key: RandomKey;
    readonly channels: 1 | 3;
    readonly hidden: 'known' | 'unknown';
    /** Crops beside each face; default 0. */
    readonly beside?: number;
  },
): Promise<readonly LabelledFace[]> {
  const { limit, key, channels, hidden, beside = 0 } = options;
  const labels = await readLandmarks(dataset);
  const { identity } = await readAnnotations(dataset);
  const files =
    options.files ?? dataset.images.map((name) => ({ name, path: join(dataset.directory, name) }));
  const labelled = files.filter(({ name }) => {
    const found = labels.get(name);
    return hidden === 'unknown'
      ? found?.points.length === 2 * landmarkCount
      : faceLandmarks(found) !== undefined;
  });
  const order = permutation(key, labelled.length).slice(0, limit).sort();
  const faces = new Array<LabelledFace | undefined>(order.length);
  await forEachConcurrently([...order.entries()], async ([i, index]) => {
    const { name, path } = labelled[index];
    const { points, visible } = labels.get(name)!;
    const landmarks = pointsOf(points);
    const known = landmarks.map((_, k) => hidden === 'known' || visible?.[k] !== 0);
    if (anchorLandmarks.some((k) => !known[k])) return;
    try {
      const own = split(key, 'beside', index);
      const face = await cutOut({ name, path }, { landmarks, known, channels, beside, key: own });
      faces[i] = { ...face, identity: identity(name) };
    } catch (error) {
      if (!(error instanceof BrokenImageError)) throw error;
    }
  });
  const found = faces.filter((face) => face !== undefined);
  if (found.length >= 10) return found;
  throw new UserError(
    `Expected at least 10 images with ${landmarkCount} landmarks (eye and mouth corners visible) in ${dataset.directory}, got ${found.length}. Label them in metadata.jsonl, .pts or COCO files.`,
  );
}

async function cutOut(
  { name, path }: FaceFile,
  options: Pick<LabelledFace, 'landmarks' | 'known'> & {
    readonly channels: 1 | 3;
    readonly beside: number;
    readonly key: RandomKey;
  },
): Promise<LabelledFace> {
  const { landmarks, known, channels, beside, key } = options;
  const image = await loadImage(path, { channels });
  const frame = faceFrame(landmarks);
  const mapOf = (one: FaceFrame) => frameMap(one, { size: cropSize, margin: cropMargin });
  const crop = (one: FaceFrame) =>
    Uint8Array.from(
      warp(image, mapOf(one), { width: cropSize, height: cropSize, kernel: 'triangle' }),
      Math.round,
    );
  return {
    name,
    crop: crop(frame),
    landmarks: landmarks.map((point): Point => {
      const [x, y] = applySimilarity(mapOf(frame), point);
      return [x / cropSize, y / cropSize];
    }),
    known,
    beside: placesBeside(image, frame, { key, count: beside }).map(crop),
  };
}
