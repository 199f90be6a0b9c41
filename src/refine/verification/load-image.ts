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
  if (form.channels === 3) return { width, height, pixels };
  const planes = new Uint8Array(3 * pixels.length);
  for (let c = 0; c < 3; c++) planes.set(pixels, c * pixels.length);
  return { width, height, pixels: planes };
}
