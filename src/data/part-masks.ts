import { extname, join, posix } from 'node:path';
import sharp from 'sharp';
import { UserError } from '../base/user-error.ts';
import type { Dataset } from './dataset.ts';
import type { ImageSize } from './decode.ts';
import { coveringSize, type FittedSizes, sourcePositions } from './fitted-size.ts';
import { readMetadataFields } from './metadata-fields.ts';
import type { PlaneOptions } from './pixels.ts';

/** Parts that a weight can be given to, with the codes of the mask that show them. */
export const partCodes = {
  background: [0],
  skin: [1],
  nose: [2],
  eyes: [3, 4],
  brows: [5, 6],
  ears: [7, 8],
  mouth: [9, 10, 11],
  neck: [12],
  hair: [13],
  beard: [14],
  clothing: [15],
  glasses: [16],
} as const satisfies Readonly<Record<string, readonly number[]>>;

/** Codes of the person's right side with those of the left, which a mirror image exchanges. */
const mirroredCodes: readonly (readonly [number, number])[] = [
  [3, 4],
  [5, 6],
  [7, 8],
];

const mirroredCode = Float32Array.from({ length: 256 }, (_, code) => code);
for (const [right, left] of mirroredCodes)
  [mirroredCode[right], mirroredCode[left]] = [left, right];

export type PartName = keyof typeof partCodes;

export interface FindPartMasksOptions {
  /** Whether a set in which no image has a mask is taken. */
  readonly mayLack?: boolean | undefined;
}

/**
 * The mask file of every image, by `parts_file_name` of its metadata, else `NAME.parts.png` beside
 * it; undefined where no image has one and the set may lack them.
 *
 * @throws {UserError} where an image has none, naming it and why it is needed.
 */
export async function findPartMasks(
  dataset: Dataset,
  neededFor: string,
  { mayLack = false }: FindPartMasksOptions = {},
): Promise<string[] | undefined> {
  const stated = new Map<string, string>();
  await readMetadataFields(dataset, (image, fields, file) => {
    const { parts_file_name: name } = fields;
    if (typeof name === 'string') stated.set(image, posix.join(posix.dirname(file), name));
  });
  const files = new Set(dataset.otherFiles);
  const names = dataset.images.map((image) => stated.get(image) ?? partMaskBeside(image));
  if (mayLack && !names.some((name) => files.has(name))) return undefined;
  return names.map((name, i) => {
    if (!files.has(name)) {
      throw new UserError(
        `Expected a part mask of every image in ${dataset.directory} for ${neededFor}, got none for "${dataset.images[i]}" (no file "${name}"). Add the missing masks, or set every ${neededFor} to 1.`,
      );
    }
    return join(dataset.directory, name);
  });
}

/** The name that the part mask of an image has beside it: `NAME.parts.png`. */
export function partMaskBeside(image: string): string {
  return `${image.slice(0, image.length - extname(image).length)}.parts.png`;
}

/**
 * The part codes of a mask file as they are, `[height, width]`. `remedy` ends the message on a file
 * that is none.
 *
 * @throws {UserError} where it cannot be read, is coloured, or has not the size of its image.
 */
export async function readPartCodes(
  path: string,
  image: ImageSize,
  remedy = 'Mend it.',
): Promise<Uint8Array> {
  const { data, info } = await sharp(path)
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: Error) => {
      throw new UserError(
        `Expected a part mask at ${path}, got a file that cannot be read (${error.message}). ${remedy}`,
        { cause: error },
      );
    });
  if (info.width !== image.width || info.height !== image.height) {
    throw new UserError(
      `Expected the part mask ${path} to have the ${image.width} × ${image.height} pixels of its image, got ${info.width} × ${info.height}. ${remedy}`,
    );
  }
  const codes = new Uint8Array(info.width * info.height);
  for (let i = 0; i < codes.length; i++) {
    const at = i * info.channels;
    codes[i] = data[at];
    if (info.channels === 3 && (data[at] !== data[at + 1] || data[at] !== data[at + 2])) {
      throw new UserError(
        `Expected part codes as grey levels in ${path}, got colours. Write the code of the part into each pixel.`,
      );
    }
  }
  return codes;
}

/**
 * The part codes of a mask file, cropped and resized as `decodeImage` does the image, but by
 * nearest neighbours: a code between two codes would be another part. `[height, width]`
 *
 * @throws {UserError} where it cannot be read, is coloured, or has not the size of its image.
 */
export async function decodePartMask(path: string, sizes: FittedSizes): Promise<Uint8Array> {
  return nearest(await readPartCodes(path, sizes.image), sizes);
}

function nearest(codes: Uint8Array, sizes: FittedSizes): Uint8Array {
  const { image, target } = sizes;
  const resized = coveringSize(sizes);
  const rows = sourcePositions(image.height, resized.height, target.height).map(Math.floor);
  const columns = sourcePositions(image.width, resized.width, target.width).map(Math.floor);
  const result = new Uint8Array(target.height * target.width);
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      result[y * target.width + x] = codes[row * image.width + column];
    }
  }
  return result;
}

/** Writes codes `[height, width]`, mirrored where asked: the right eye is a left one then. */
export function copyPartCodes(
  codes: Uint8Array,
  target: Float32Array,
  { width, flip, offset }: PlaneOptions,
): void {
  for (let i = 0; i < codes.length; i++) {
    const column = i % width;
    const to = flip ? i - column + (width - 1 - column) : i;
    target[offset + to] = flip ? mirroredCode[codes[i]] : codes[i];
  }
}
