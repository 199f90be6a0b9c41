import { type ColorImage, warp } from '../../faces/index.ts';

/**
 * An image resized bilinearly into a size, whole and with its proportions; what it leaves free is
 * filled by reflection. Gives `[3, height, width]` in 0 … 255.
 */
export function fitImage(
  image: ColorImage,
  { height, width }: { readonly height: number; readonly width: number },
): Float32Array {
  const scale = Math.min(height / image.height, width / image.width);
  const map = {
    a: scale,
    b: 0,
    dx: (width - scale * image.width) / 2,
    dy: (height - scale * image.height) / 2,
  };
  return warp(image, map, { width, height, kernel: 'triangle' });
}
