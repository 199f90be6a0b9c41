import { join, posix } from 'node:path';
import type { Dataset } from '../../data/dataset.ts';
import type { ImageSize } from '../../data/decode.ts';
import { isIdentity } from '../../data/identities.ts';
import { faceLandmarks, pointsOf, readLandmarks } from '../../data/landmarks.ts';
import { readMetadataFields } from '../../data/metadata-fields.ts';
import { partMaskBeside, readPartCodes } from '../../data/part-masks.ts';
import type { Landmarks } from '../../faces/index.ts';
import type { PartMask } from './part-mask.ts';

/** What a dataset says about its images, as far as verification can use it. */
export interface Annotations {
  /** The true 68 landmarks of an image, where it has them. */
  truth(image: string): Landmarks | undefined;
  /** Yaw, pitch and roll in degrees. */
  pose(image: string): readonly [yaw: number, pitch: number, roll: number] | undefined;
  /** Who an image shows. */
  identity(image: string): string | number | undefined;
  /** Where the part mask of an image is, if it has one. */
  maskPath(image: string): string | undefined;
  /**
   * The part mask of an image, where it has one.
   *
   * @throws {UserError} where it is no grey image of that size.
   */
  mask(
    image: string,
    size: { readonly width: number; readonly height: number },
  ): Promise<PartMask | undefined>;
}

/** Reads the landmarks and poses of a dataset; masks are read when they are asked for. */
export async function readAnnotations(dataset: Dataset): Promise<Annotations> {
  const landmarks = await readLandmarks(dataset);
  const fields = await readFields(dataset);
  const files = new Set(dataset.otherFiles);
  const maskPath = (image: string) => {
    const name = fields.get(image)?.mask ?? maskBeside(dataset, image);
    return name !== undefined && files.has(name) ? join(dataset.directory, name) : undefined;
  };
  return {
    truth: (image) => {
      const points = faceLandmarks(landmarks.get(image));
      return points && pointsOf(points);
    },
    pose: (image) => fields.get(image)?.pose,
    identity: (image) => fields.get(image)?.identity,
    maskPath,
    mask: async (image, size) => {
      const path = maskPath(image);
      return path === undefined ? undefined : readMask(path, size);
    },
  };
}

interface Fields {
  readonly pose?: readonly [number, number, number];
  readonly identity?: string | number;
  readonly mask?: string;
}

async function readFields(dataset: Dataset): Promise<Map<string, Fields>> {
  const found = new Map<string, Fields>();
  await readMetadataFields(dataset, (image, fields, file) => {
    const { pose, identity, parts_file_name: parts } = fields;
    found.set(image, {
      ...(isPose(pose) && { pose }),
      ...(isIdentity(identity) && { identity }),
      ...(typeof parts === 'string' && { mask: posix.join(posix.dirname(file), parts) }),
    });
  });
  return found;
}

function isPose(value: unknown): value is readonly [number, number, number] {
  return Array.isArray(value) && value.length === 3 && value.every((v) => typeof v === 'number');
}

function maskBeside(dataset: Dataset, image: string): string | undefined {
  const name = partMaskBeside(image);
  return dataset.sideCars.get(image)?.find((file) => file === name);
}

async function readMask(path: string, size: ImageSize): Promise<PartMask> {
  return { ...size, codes: await readPartCodes(path, size, 'Mend it or remove it.') };
}
