import { decodeImage } from '../data/decode.ts';
import { linearOfByte } from '../data/pixels.ts';
import type { Landmarks } from '../faces/index.ts';

/** The backdrop of a face image, as far as its upper corners show it. */
export interface Backdrop {
  /** Degrees: 0 red, 120 green, 240 blue. */
  readonly hue: number;
  /** 0 grey … 1, of the mean colour in linear light. */
  readonly saturation: number;
  /** The largest of the mean linear red, green and blue, 0 … 1. */
  readonly brightness: number;
  /** Standard deviation of the luminance in stops; a lit cloth has about 0.1, a room 1. */
  readonly unevenness: number;
}

/** Heads with their hair end within so many heights of the face, brows to chin, from its middle. */
const headReach = 1.15;
/** Pixels of both corners together without which they say nothing. */
const fewestPixels = 24;
const black = 1e-4;

/** The pixels above the chin that lie farther from the face than a head reaches, as offsets. */
function cornerPixels(landmarks: Landmarks, width: number, height: number): number[] {
  const ys = landmarks.map(([, y]) => y);
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const middle = landmarks.reduce((sum, [x]) => sum + x, 0) / landmarks.length;
  const centre = (top + bottom) / 2;
  const reach = headReach * (bottom - top);
  const pixels: number[] = [];
  for (let y = 0; y < Math.min(height, bottom); y++) {
    for (let x = 0; x < width; x++) {
      if (Math.hypot(x + 0.5 - middle, y + 0.5 - centre) > reach) pixels.push(y * width + x);
    }
  }
  return pixels;
}

/** Hue in degrees, saturation and value of a colour (Smith 1978, doi 10.1145/965139.807361). */
function hueSaturationValue([r, g, b]: readonly number[]): readonly [number, number, number] {
  const [low, high] = [Math.min(r, g, b), Math.max(r, g, b)];
  const chroma = high - low;
  if (chroma === 0) return [0, 0, high];
  const sixths =
    high === r ? (g - b) / chroma : high === g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
  return [(60 * sixths + 360) % 360, chroma / high, high];
}

/**
 * Measures the backdrop beside the head of an image with 68 landmarks; undefined where the face
 * fills the image, or the image has no colour.
 */
export async function measureBackdrop(
  path: string,
  landmarks: Landmarks,
): Promise<Backdrop | undefined> {
  const { width, height, pixels, notes } = await decodeImage(path, { channels: 3 });
  if (notes.includes('grey')) return undefined;
  const at = cornerPixels(landmarks, width, height);
  if (at.length < fewestPixels) return undefined;
  const area = width * height;
  const mean = [0, 1, 2].map(
    (c) => at.reduce((sum, i) => sum + linearOfByte[pixels[c * area + i]], 0) / at.length,
  );
  const stops = at.map((i) => {
    const [r, g, b] = [0, 1, 2].map((c) => linearOfByte[pixels[c * area + i]]);
    return Math.log2(black + 0.2126 * r + 0.7152 * g + 0.0722 * b);
  });
  const middle = stops.reduce((sum, stop) => sum + stop, 0) / stops.length;
  const squares = stops.reduce((sum, stop) => sum + (stop - middle) ** 2, 0);
  const [hue, saturation, brightness] = hueSaturationValue(mean);
  return { hue, saturation, brightness, unevenness: Math.sqrt(squares / stops.length) };
}
