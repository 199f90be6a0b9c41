import { linearOfByte } from '../../data/pixels.ts';
import type { ColorImage } from '../../faces/index.ts';

/** A colour in CIELAB: lightness 0 … 100, a* toward red, b* toward yellow. */
export type Lab = readonly [lightness: number, a: number, b: number];

/** X, Y and Z of the white of daylight at 6504 K (D65), which sRGB has. */
const white = [0.95047, 1, 1.08883] as const;

/** CIE 15:2004, equation 8.4: the cube root with its linear part near black. */
function response(ratio: number): number {
  return ratio > 216 / 24389 ? Math.cbrt(ratio) : (841 / 108) * ratio + 4 / 29;
}

/** CIELAB under D65 of an sRGB colour in bytes. */
export function labOfBytes(red: number, green: number, blue: number): Lab {
  const [r, g, b] = [linearOfByte[red], linearOfByte[green], linearOfByte[blue]];
  const x = response((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / white[0]);
  const y = response((0.2126729 * r + 0.7151522 * g + 0.072175 * b) / white[1]);
  const z = response((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / white[2]);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** CIELAB of the pixel at an index of the planes. */
export function labOfPixel({ width, height, pixels }: ColorImage, index: number): Lab {
  const size = width * height;
  return labOfBytes(pixels[index], pixels[size + index], pixels[2 * size + index]);
}
