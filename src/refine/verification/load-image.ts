import { decodeImage } from '../../data/decode.ts';
import type { ColorImage } from '../../faces/index.ts';

/** How an image is brought into memory for measuring. */
export interface ImageForm {
  /** 1 compares luma: the image then has three equal planes. */
  readonly channels: 1 | 3;
  /** Crops the centre to this aspect ratio and resizes; the image's own size by default. */
  readonly size?: { readonly height: number; readonly width: number };
}

/**
 * Decodes an image to three planes.
 *
 * @throws {BrokenImageError} for a file that is no readable image.
 */
export async function loadImage(path: string, form: ImageForm): Promise<ColorImage> {
  const { width, height, pixels } = await decodeImage(path, form);
  return { width, height, pixels: toThreePlanes(pixels, form.channels) };
}

/** `[channels, height, width]` as RGB planes; luma fills three equal ones. */
export function toThreePlanes(bytes: Uint8Array, channels: 1 | 3): Uint8Array {
  if (channels === 3) return bytes;
  const planes = new Uint8Array(3 * bytes.length);
  for (let c = 0; c < 3; c++) planes.set(bytes, c * bytes.length);
  return planes;
}
