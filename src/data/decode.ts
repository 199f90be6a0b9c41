import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import sharp, { type Metadata } from 'sharp';
import { luma } from './pixels.ts';

// libvips' cache is keyed by file name: it would give old pixels of a file that was replaced.
sharp.cache(false);

/**
 * What a user may not expect of a file: counted, and told once. `grey` is a grey image among three
 * channels, whether it was stored as one and replicated or as three equal ones.
 */
export type DecodeNote = 'alpha' | '16-bit' | 'cmyk' | 'grey' | 'exif-rotated';

/** The formats of a dataset. */
export type ImageFormat = 'png' | 'jpeg' | 'webp';

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

/** Options of `decodeImage`. */
export interface DecodeOptions {
  readonly channels: 1 | 3;
  /** Crops the centre to this aspect ratio and resizes, antialiased; the image's own by default. */
  readonly size?: { readonly height: number; readonly width: number };
  /** Keeps the alpha plane beside the pixels. Default false. */
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

function formatOfName(path: string): ImageFormat | undefined {
  const extension = extname(path).toLowerCase().slice(1);
  if (extension === 'jpg' || extension === 'jpeg') return 'jpeg';
  return extension === 'png' || extension === 'webp' ? extension : undefined;
}

function formatOfBytes(head: Buffer): ImageFormat | undefined {
  if (head.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))) return 'png';
  if (head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'jpeg';
  const webp =
    head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP';
  return webp ? 'webp' : undefined;
}

/**
 * Why a file cannot be an image of the set, from its first bytes; `undefined` where they look
 * right. Costs one small read.
 */
export async function inspectHeader(path: string): Promise<string | undefined> {
  const head = Buffer.alloc(12);
  let length: number;
  try {
    const handle = await open(path, 'r');
    try {
      length = (await handle.read(head, 0, head.length, 0)).bytesRead;
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`;
  }
  if (length === 0) return 'is empty (0 bytes)';
  const format = formatOfBytes(head.subarray(0, length));
  if (format === undefined) return 'holds no PNG, JPEG or WebP data';
  if (format !== formatOfName(path)) {
    return `holds ${format.toUpperCase()} data, unlike its extension "${extname(path)}"`;
  }
  return undefined;
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

/** Interleaved samples → planes; colour to luma where one channel is wanted. */
function toPlanes(data: Buffer, samples: number, channels: 1 | 3): Uint8Array {
  const count = data.length / samples;
  const planes = new Uint8Array(channels * count);
  for (let i = 0, at = 0; i < count; i++, at += samples) {
    if (channels === 1) {
      planes[i] = luma(data[at], data[at + 1], data[at + 2]);
    } else {
      planes[i] = data[at];
      planes[count + i] = data[at + 1];
      planes[2 * count + i] = data[at + 2];
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
 * extension says.
 */
export async function decodeImage(path: string, options: DecodeOptions): Promise<DecodedImage> {
  const { channels, size, keepAlpha = false } = options;
  const image = sharp(path, { failOn: 'error' });
  let pipeline = image.clone().autoOrient();
  if (size !== undefined) pipeline = pipeline.resize({ ...size, fit: 'cover', kernel: 'lanczos3' });
  if (!keepAlpha) pipeline = pipeline.removeAlpha();
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
  const { data, info } = output;
  const source = describeSource(metadata);
  const pixels = toPlanes(data, info.channels, channels);
  const grey = channels === 3 && hasEqualChannels(pixels);
  return {
    height: info.height,
    width: info.width,
    channels,
    pixels,
    ...(info.channels === 4 ? { alpha: alphaPlane(data) } : {}),
    notes: listNotes(metadata, source, grey),
    source,
  };
}
