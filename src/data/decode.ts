import sharp, { type Metadata } from 'sharp';
import { formatOfName, type ImageFormat, inspectHeader } from './image-header.ts';
import { luma } from './pixels.ts';

// libvips' cache is keyed by file name: it would give old pixels of a file that was replaced.
sharp.cache(false);

/**
 * What a user may not expect of a file: counted, and told once. `grey` is a grey image among three
 * channels, whether it was stored as one and replicated or as three equal ones.
 */
export type DecodeNote = 'alpha' | '16-bit' | 'cmyk' | 'grey' | 'exif-rotated';

/** What the file itself held, before conversion. */
export interface ImageSourceInfo {
  readonly format: ImageFormat;
  /** 1 for grey, 3 for colour, whatever alpha there is beside. */
  readonly channels: 1 | 3;
  /** Whether an EXIF orientation other than upright was applied. */
  readonly rotated: boolean;
}

/** An image as bytes, upright, 8-bit. */
export interface DecodedImage {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** `[channels, height, width]`. */
  readonly pixels: Uint8Array;
  /** `[height, width]`; only where asked for and there is one. */
  readonly alpha?: Uint8Array;
  readonly notes: readonly DecodeNote[];
  readonly source: ImageSourceInfo;
}

/** Pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** Options of `decodeImage`. */
export interface DecodeOptions {
  readonly channels: 1 | 3;
  /** Crops the centre to this aspect ratio and resizes, antialiased; the image's own by default. */
  readonly size?: ImageSize;
  /** Keeps the alpha plane beside the pixels; only without a size. Default false. */
  readonly keepAlpha?: boolean;
}

/** A file that is no readable image, with the reason as a phrase: “is empty (0 bytes)”. */
export class BrokenImageError extends Error {
  override readonly name = 'BrokenImageError';
  readonly reason: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path} ${reason}`, options);
    this.reason = reason;
  }
}

function describeSource(metadata: Metadata): ImageSourceInfo {
  const grey = metadata.space === 'b-w' || metadata.space === 'grey16';
  return {
    format: metadata.format as ImageFormat,
    channels: grey ? 1 : 3,
    rotated: (metadata.orientation ?? 1) > 1,
  };
}

function listNotes(
  metadata: Metadata,
  source: ImageSourceInfo,
  grey: boolean,
): readonly DecodeNote[] {
  const notes: readonly (readonly [DecodeNote, boolean])[] = [
    ['alpha', metadata.hasAlpha === true],
    ['16-bit', metadata.depth === 'ushort'],
    ['cmyk', metadata.space === 'cmyk'],
    ['grey', grey],
    ['exif-rotated', source.rotated],
  ];
  return notes.filter(([, holds]) => holds).map(([note]) => note);
}

/** Interleaved samples of an image, and how many there are a pixel. */
interface RawImage {
  readonly data: Buffer;
  readonly info: { readonly width: number; readonly height: number; readonly channels: number };
}

/** The centre of a raw image as planes; colour becomes luma where one channel is wanted. */
function toPlanes({ data, info }: RawImage, size: ImageSize, channels: 1 | 3): Uint8Array {
  const count = size.height * size.width;
  const planes = new Uint8Array(channels * count);
  const left = Math.floor((info.width - size.width) / 2);
  const top = Math.floor((info.height - size.height) / 2);
  for (let y = 0, to = 0; y < size.height; y++) {
    let at = ((top + y) * info.width + left) * info.channels;
    for (let x = 0; x < size.width; x++, to++, at += info.channels) {
      if (channels === 1) {
        planes[to] = luma(data[at], data[at + 1], data[at + 2]);
      } else {
        planes[to] = data[at];
        planes[count + to] = data[at + 1];
        planes[2 * count + to] = data[at + 2];
      }
    }
  }
  return planes;
}

function hasEqualChannels(pixels: Uint8Array): boolean {
  const count = pixels.length / 3;
  for (let i = 0; i < count; i++) {
    if (pixels[i] !== pixels[count + i] || pixels[i] !== pixels[2 * count + i]) return false;
  }
  return true;
}

function alphaPlane(data: Buffer): Uint8Array {
  const plane = new Uint8Array(data.length / 4);
  for (let i = 0; i < plane.length; i++) plane[i] = data[4 * i + 3];
  return plane;
}

/**
 * Decodes a PNG, JPEG or WebP file to 8-bit planes: EXIF orientation applied, colour profile and
 * CMYK converted to sRGB, 16-bit reduced to 8, alpha dropped (colours as stored, not composited, so
 * that `refine` can copy alpha without darkening edges twice), cropped to the centre and resized
 * with Lanczos (a = 3, antialiased) where a size is given, colour turned to luma or grey replicated
 * as `channels` asks.
 *
 * Both calls to sharp start at once and need no turn of this thread in between: decoding goes on
 * while it is inside a synchronous call.
 *
 * @throws {BrokenImageError} for a file that is missing, empty, cut short, damaged, or not what its
 *   extension says.
 */
export async function decodeImage(path: string, options: DecodeOptions): Promise<DecodedImage> {
  const { channels, size, keepAlpha = false } = options;
  const image = sharp(path, { failOn: 'error' });
  let pipeline = image.clone().autoOrient();
  // Cropped after, not by, libvips: it stops reading below a crop, so that a cut file passes as
  // whole.
  if (size !== undefined) pipeline = pipeline.resize({ ...size, fit: 'outside' });
  if (!keepAlpha || size !== undefined) pipeline = pipeline.removeAlpha();
  pipeline = pipeline.toColourspace('srgb').raw({ depth: 'uchar' });
  const [metadata, output] = await Promise.all([
    image.metadata(),
    pipeline.toBuffer({ resolveWithObject: true }),
  ]).catch(async (error: Error) => {
    const reason = (await inspectHeader(path)) ?? `is damaged or cut short (${error.message})`;
    throw new BrokenImageError(path, reason, { cause: error });
  });
  if (metadata.format !== formatOfName(path)) {
    throw new BrokenImageError(path, (await inspectHeader(path)) ?? 'has another format inside');
  }
  const { height, width } = size ?? output.info;
  const source = describeSource(metadata);
  const pixels = toPlanes(output, { height, width }, channels);
  const grey = channels === 3 && hasEqualChannels(pixels);
  return {
    height,
    width,
    channels,
    pixels,
    ...(output.info.channels === 4 ? { alpha: alphaPlane(output.data) } : {}),
    notes: listNotes(metadata, source, grey),
    source,
  };
}
