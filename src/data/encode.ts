import sharp from 'sharp';
import type { ImageSourceInfo } from './decode.ts';
import { byteOf, luma } from './pixels.ts';

/** An image as a network gives it. */
export interface ImageValues {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** `[channels, height, width]` in −1 … 1. */
  readonly values: Float32Array;
}

/** Interleaved 8-bit samples in the channel count of the file, alpha last. */
function interleave(image: ImageValues, channels: 1 | 3, alpha?: Uint8Array): Buffer {
  const count = image.height * image.width;
  const samples = channels + (alpha === undefined ? 0 : 1);
  const data = Buffer.alloc(count * samples);
  const [red, green, blue] = image.channels === 3 ? [0, count, 2 * count] : [0, 0, 0];
  const { values } = image;
  for (let i = 0, at = 0; i < count; i++, at += samples) {
    const r = byteOf(values[red + i]);
    const g = byteOf(values[green + i]);
    const b = byteOf(values[blue + i]);
    if (channels === 1) {
      data[at] = luma(r, g, b);
    } else {
      data[at] = r;
      data[at + 1] = g;
      data[at + 2] = b;
    }
    if (alpha !== undefined) data[at + channels] = alpha[i];
  }
  return data;
}

/**
 * Encodes values in −1 … 1 as an 8-bit file of the source's format and channel count: one channel
 * fills three equal ones of a colour file, three become luma in a grey one, alpha is copied.
 * PNG and WebP are lossless (also where the WebP source was lossy: a second lossy pass would add
 * its own artefacts); JPEG has quality 95 without chroma subsampling (4:4:4).
 */
export function encodeImage(
  image: ImageValues,
  source: Pick<ImageSourceInfo, 'format' | 'channels'>,
  alpha?: Uint8Array,
): Promise<Buffer> {
  const { height, width } = image;
  const size = height * width;
  if (image.values.length !== image.channels * size || (alpha?.length ?? size) !== size) {
    throw new Error(`Expected ${image.channels} × ${height} × ${width} values, got another count.`);
  }
  const data = interleave(image, source.channels, alpha);
  const samples = (data.length / size) as 1 | 2 | 3 | 4;
  const output = sharp(data, { raw: { height, width, channels: samples } }).toColourspace(
    source.channels === 1 ? 'b-w' : 'srgb',
  );
  switch (source.format) {
    case 'png':
      return output.png().toBuffer();
    case 'webp':
      return output.webp({ lossless: true, exact: true }).toBuffer();
    case 'jpeg':
      return output.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  }
}
