import { normal, randomKey } from '../../../base/random.ts';
import type { ColorImage } from '../../../faces/index.ts';
import { parts } from '../../../render/assets/parts.ts';
import type { PartMask } from '../part-mask.ts';

type Rgb = readonly [red: number, green: number, blue: number];

const skin: Rgb = [205, 160, 135];
const paint: Readonly<Record<number, Rgb>> = {
  [parts.background]: [90, 110, 120],
  [parts.skin]: skin,
  [parts.rightEye]: [240, 240, 245],
  [parts.leftEye]: [60, 40, 30],
  [parts.upperLip]: [170, 70, 80],
  [parts.hair]: [60, 40, 30],
};

/** A drawn face that is not symmetric, its parts and its soft edges, `size` pixels square. */
export function drawnFace(size = 64): { readonly image: ColorImage; readonly mask: PartMask } {
  const codes = new Uint8Array(size * size);
  const unit = size / 64;
  const ellipse = (code: number, [x, y, a, b]: readonly [number, number, number, number]) => {
    for (let i = 0; i < codes.length; i++) {
      const u = (((i % size) + 0.5) / unit - x) / a;
      const v = ((Math.floor(i / size) + 0.5) / unit - y) / b;
      if (u * u + v * v < 1) codes[i] = code;
    }
  };
  ellipse(parts.hair, [30, 24, 20, 18]);
  ellipse(parts.skin, [31, 34, 16, 22]);
  ellipse(parts.rightEye, [24, 28, 4, 2.5]);
  ellipse(parts.leftEye, [37, 28, 4, 2.5]);
  ellipse(parts.upperLip, [30, 44, 7, 3]);
  const pixels = new Uint8Array(3 * codes.length);
  const noise = normal(randomKey(1), codes.length);
  for (const [i, code] of codes.entries()) {
    for (let c = 0; c < 3; c++) {
      const shade = (i % size) / unit / 4;
      pixels[c * codes.length + i] = clampByte(paint[code][c] - shade + 2 * noise[i]);
    }
  }
  return {
    image: { width: size, height: size, pixels },
    mask: { width: size, height: size, codes },
  };
}

const clampByte = (v: number) => Math.min(Math.max(Math.round(v), 0), 255);

/** Each output pixel is the input's at the place that `from` names, clamped to the image. */
export function moved(
  { width, height, pixels }: ColorImage,
  from: (x: number, y: number) => readonly [number, number],
): ColorImage {
  const size = width * height;
  const clamp = (i: number, limit: number) => Math.min(Math.max(i, 0), limit - 1);
  const result = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = from(i % width, Math.floor((i % size) / width));
    result[i] = pixels[i - (i % size) + clamp(y, height) * width + clamp(x, width)];
  }
  return { width, height, pixels: result };
}

/** Each byte changed on its own. */
export function recolored(
  image: ColorImage,
  change: (value: number, channel: number, index: number) => number,
): ColorImage {
  const size = image.width * image.height;
  const pixels = image.pixels.map((v, i) => clampByte(change(v, Math.floor(i / size), i)));
  return { ...image, pixels };
}

export const shiftedRight = (image: ColorImage, by: number) => moved(image, (x, y) => [x - by, y]);
export const mirrored = (image: ColorImage) => moved(image, (x, y) => [image.width - 1 - x, y]);
export const constant = (image: ColorImage) => recolored(image, () => 128);
/** Warmer, less contrast, a little noise: what an honest refiner might do. */
export const warmed = (image: ColorImage) => {
  const noise = normal(randomKey(2), image.pixels.length);
  return recolored(image, (v, c, i) => 0.85 * v + [30, 18, 8][c] + 3 * noise[i]);
};
