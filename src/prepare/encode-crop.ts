import sharp from 'sharp';
import { interleave } from '../data/pixels.ts';

/** A crop as PNG: `[3, size, size]`, or `[1, size, size]` where it is grey. */
export function encodeCrop(
  planes: Uint8Array,
  { size, grayscale }: { readonly size: number; readonly grayscale: boolean },
): Promise<Buffer> {
  const channels = grayscale ? 1 : 3;
  return sharp(interleave(planes, channels), { raw: { width: size, height: size, channels } })
    .toColourspace(grayscale ? 'b-w' : 'srgb')
    .png()
    .toBuffer();
}
