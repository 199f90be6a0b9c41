import { normal, type RandomKey, split } from '../../base/random.ts';
import type { ColorImage, FaceTools } from '../../faces/index.ts';
import { faceUnit, type InputFace, meanDistance } from './face.ts';
import { channelPlane } from './planes.ts';
import { smooth } from './smooth.ts';

/** How far the landmark network's answers lie apart although nothing in the image has moved. */
export interface NoiseFloor {
  /** Images it was measured on; 0 where no face was found, and the other fields are 0. */
  readonly images: number;
  readonly meanPixels: number;
  /** As a fraction of the distance between the eyes. */
  readonly meanOfEyes: number;
  /** The 95th percentile over images and disturbances, as a fraction of that distance. */
  readonly percentile95OfEyes: number;
}

/** Standard deviation of the noise, in grey levels. */
const noiseLevel = 8;

/**
 * Measures the noise floor by disturbing images without moving anything: with noise, and with a
 * slight blur. A mirrored image would add nothing, since the landmarks are the mean over both
 * already.
 */
export async function measureNoiseFloor(
  tools: FaceTools,
  subjects: readonly { readonly image: ColorImage; readonly face: InputFace }[],
  key: RandomKey,
): Promise<NoiseFloor> {
  const pixels: number[] = [];
  const ofEyes: number[] = [];
  for (const [i, { image, face }] of subjects.entries()) {
    for (const disturbed of [withNoise(image, split(key, 'noise', i)), slightlyBlurred(image)]) {
      const found = await tools.landmarks(disturbed, face.box);
      const drift = meanDistance(face.landmarks, found);
      pixels.push(drift);
      ofEyes.push(drift / faceUnit(face));
    }
  }
  const mean = (values: readonly number[]) =>
    values.length === 0 ? 0 : values.reduce((sum, v) => sum + v, 0) / values.length;
  const sorted = ofEyes.toSorted((p, q) => p - q);
  return {
    images: subjects.length,
    meanPixels: mean(pixels),
    meanOfEyes: mean(ofEyes),
    percentile95OfEyes: sorted[Math.floor(0.95 * (sorted.length - 1))] ?? 0,
  };
}

function withNoise(image: ColorImage, key: RandomKey): ColorImage {
  const noise = normal(key, image.pixels.length);
  return {
    ...image,
    pixels: Uint8Array.from(image.pixels, (v, i) => toByte(v + noiseLevel * noise[i])),
  };
}

function slightlyBlurred(image: ColorImage): ColorImage {
  const sigma = Math.max(0.5, Math.max(image.width, image.height) / 128);
  const pixels = new Uint8Array(image.pixels.length);
  for (const channel of [0, 1, 2] as const) {
    const { values } = smooth(channelPlane(image, channel), sigma);
    pixels.set(Uint8Array.from(values, toByte), channel * values.length);
  }
  return { ...image, pixels };
}

function toByte(value: number): number {
  return Math.min(Math.max(Math.round(value), 0), 255);
}
