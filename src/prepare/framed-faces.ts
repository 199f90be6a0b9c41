import { join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { spread } from '../base/spread.ts';
import { UserError } from '../base/user-error.ts';
import { type Dataset, openDataset } from '../data/dataset.ts';
import type { ImageSize } from '../data/decode.ts';
import { faceLandmarks, pointsOf, readLandmarks } from '../data/landmarks.ts';
import { readMetadataFields } from '../data/metadata-fields.ts';
import { estimatePose } from '../faces/index.ts';
import { landmarkCount } from '../models/frozen/face-landmarks.ts';
import { type Framing, framingOf } from './framing.ts';

/** What is compared between rendered and photographed faces. */
export const framingQuantities = ['scale', 'centerX', 'centerY', 'roll', 'yaw', 'pitch'] as const;
export type FramingQuantity = (typeof framingQuantities)[number];

/** The framing and the pose, in degrees, of one annotated face. */
export type FramedFace = Framing & { readonly yaw: number; readonly pitch: number };

/** More would not change a distribution, but take long to look at. */
const mostFaces = 5000;
const poseSchema = z.object({ pose: z.tuple([z.number(), z.number(), z.number()]) });

async function readPoses(dataset: Dataset): Promise<Map<string, readonly number[]>> {
  const poses = new Map<string, readonly number[]>();
  await readMetadataFields(dataset, (image, fields) => {
    const parsed = poseSchema.safeParse(fields);
    if (parsed.success) poses.set(image, parsed.data.pose);
  });
  return poses;
}

/** Sizes of images, read from their headers; broken ones are left out. */
async function readSizes(dataset: Dataset, names: readonly string[]) {
  const sizes = new Map<string, ImageSize>();
  const queue = names.values();
  const work = async () => {
    for (const name of queue) {
      const size = await sharp(join(dataset.directory, name))
        .metadata()
        .then(({ autoOrient }) => autoOrient)
        .catch(() => undefined);
      if (size !== undefined) sizes.set(name, size);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return sizes;
}

/**
 * The framing and pose of the faces of a dataset that have 68 landmarks, of a large one 5,000 of
 * them evenly spread; where `metadata.jsonl` gives no pose, it is estimated from the landmarks.
 *
 * @throws {UserError} where the folder holds no image, or no image with 68 landmarks.
 */
export async function readFramedFaces(directory: string): Promise<readonly FramedFace[]> {
  const dataset = await openDataset(directory);
  const landmarks = await readLandmarks(dataset);
  const poses = await readPoses(dataset);
  const named = spread(
    dataset.images.flatMap((image) => {
      const points = faceLandmarks(landmarks.get(image));
      return points === undefined ? [] : [{ image, points }];
    }),
    mostFaces,
  );
  const sizes = await readSizes(
    dataset,
    named.map(({ image }) => image),
  );
  const faces = named.flatMap(({ image, points: coordinates }) => {
    const size = sizes.get(image);
    if (size === undefined) return [];
    const points = pointsOf(coordinates);
    const known = poses.get(image);
    const { yaw, pitch } =
      known === undefined ? estimatePose(points) : { yaw: known[0], pitch: known[1] };
    return [{ ...framingOf(points, size), yaw, pitch }];
  });
  if (faces.length === 0) {
    throw new UserError(
      `Expected images with ${landmarkCount} landmarks in ${directory}, got ${dataset.images.length} image(s) without. Give a folder that "lifelike render" or "lifelike prepare" wrote.`,
    );
  }
  return faces;
}
