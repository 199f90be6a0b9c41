import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../base/user-error.ts';
import { withoutByteOrderMark } from '../files/byte-order-mark.ts';
import { type CocoFile, parseCoco } from './coco.ts';
import type { Dataset } from './dataset.ts';
import { metadataPlace, readMetadataFields } from './metadata-fields.ts';
import { parsePts } from './pts.ts';

/** Landmarks of one image, in pixels from the top-left corner of the top-left pixel. */
export interface Landmarks {
  /** x, y pairs. */
  readonly points: Float32Array;
  /** 1 for each visible point, 0 for a hidden one; absent where nothing says so. */
  readonly visible?: Uint8Array;
  /**
   * 0 for each point that nobody labelled, whose coordinates say nothing; absent where all are
   * labelled.
   */
  readonly labelled?: Uint8Array;
}

/** For each of the 68 landmarks the one that takes its place in the mirror image. */
export const mirroredLandmarks: readonly number[] = [
  ...[16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
  ...[26, 25, 24, 23, 22, 21, 20, 19, 18, 17],
  ...[27, 28, 29, 30, 35, 34, 33, 32, 31],
  ...[45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40],
  ...[54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65],
];

/**
 * x, y pairs of the 68 landmarks of a face; `undefined` where there are others, or some are not
 * labelled.
 */
export function faceLandmarks(landmarks: Landmarks | undefined): Float32Array | undefined {
  const isWhole =
    landmarks?.points.length === 2 * mirroredLandmarks.length && landmarks.labelled === undefined;
  return isWhole ? landmarks.points : undefined;
}

/** Coordinates x, y, x, y … as points. */
export function pointsOf(coordinates: Float32Array): (readonly [number, number])[] {
  return Array.from(
    { length: coordinates.length / 2 },
    (_, i) => [coordinates[2 * i], coordinates[2 * i + 1]] as const,
  );
}

/** x, y pairs of the 68 landmarks of an image of this width, as they are where it is mirrored. */
export function mirrorLandmarks(points: Float32Array, width: number): Float32Array {
  return points.map((_, i) => {
    const from = points[2 * mirroredLandmarks[i >> 1] + (i & 1)];
    return i & 1 ? from : width - from;
  });
}

const metadataSchema = z.object({
  landmarks: z.array(z.tuple([z.number(), z.number()])).optional(),
  landmarks_visible: z.array(z.union([z.boolean(), z.number()])).optional(),
});

function parseMetadataLandmarks(fields: unknown, where: string): Landmarks | undefined {
  const parsed = metadataSchema.safeParse(fields);
  if (!parsed.success) {
    throw new UserError(
      `Expected "landmarks" as a list of [x, y] and "landmarks_visible" as a list of 0 or 1 in ${where}, got something else. Mend that line.`,
    );
  }
  const { landmarks, landmarks_visible: visible } = parsed.data;
  if (landmarks === undefined) return undefined;
  const points = Float32Array.from(landmarks.flat());
  return visible === undefined ? { points } : { points, visible: Uint8Array.from(visible, Number) };
}

async function readFromMetadata(dataset: Dataset): Promise<Map<string, Landmarks>> {
  const found = new Map<string, Landmarks>();
  await readMetadataFields(dataset, (image, fields, file) => {
    const landmarks = parseMetadataLandmarks(fields, metadataPlace(dataset, image, file));
    if (landmarks !== undefined) found.set(image, landmarks);
  });
  return found;
}

/** Reads the COCO files of a dataset; JSON of another form is none of them and passed over. */
export async function readCocoFiles(dataset: Dataset): Promise<CocoFile[]> {
  const images = new Set(dataset.images);
  const sideCars = new Set([...dataset.sideCars.values()].flat());
  const files: CocoFile[] = [];
  for (const file of dataset.otherFiles) {
    if (extname(file).toLowerCase() !== '.json' || sideCars.has(file)) continue;
    try {
      const text = await readFile(join(dataset.directory, file), 'utf8');
      const coco = parseCoco(JSON.parse(withoutByteOrderMark(text)), file, images);
      if (coco !== undefined) files.push(coco);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return files;
}

/**
 * Reads the landmarks of all images that have some: `landmarks` of `metadata.jsonl` first, then a
 * `.pts` side-car, then COCO keypoints. All in one convention: pixels, origin at the top-left
 * corner of the top-left pixel.
 *
 * @throws {UserError} for a malformed annotation, naming it.
 */
export async function readLandmarks(dataset: Dataset): Promise<ReadonlyMap<string, Landmarks>> {
  const found = await readFromMetadata(dataset);
  for (const [image, files] of dataset.sideCars) {
    const file = files.find((name) => extname(name).toLowerCase() === '.pts');
    if (file === undefined || found.has(image)) continue;
    const path = join(dataset.directory, file);
    found.set(image, { points: parsePts(await readFile(path, 'utf8'), path) });
  }
  for (const { keypoints } of await readCocoFiles(dataset)) {
    for (const [image, landmarks] of keypoints) {
      if (!found.has(image)) found.set(image, landmarks);
    }
  }
  return found;
}

/** The images that any annotation speaks of: a metadata line, a side-car or a COCO file. */
export async function annotatedImages(dataset: Dataset): Promise<ReadonlySet<string>> {
  const names = new Set([...dataset.metadata.keys(), ...dataset.sideCars.keys()]);
  for (const { images } of await readCocoFiles(dataset)) for (const name of images) names.add(name);
  return names;
}
