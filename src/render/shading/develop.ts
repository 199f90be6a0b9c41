import { normal, randomKey } from '../../base/random.ts';
import { toneMap } from './tone-map.ts';

export interface DevelopOptions {
  readonly channels: 1 | 3;
  /** Standard deviation of the sensor noise, 0 … 1 of full scale. */
  readonly noise: number;
  readonly seed: number;
}

const tableSize = 1024;

/** A source of noise that is a pure function of its seed. */
function noiseOf(deviation: number, seed: number): () => number {
  const table = normal(randomKey(seed), tableSize);
  let state = 1;
  return () => {
    // A linear congruential walk through a table of normal draws (Numerical Recipes' constants).
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return deviation * table[state >>> 22];
  };
}

/** Display bytes of linear pixels: tone curve, then sensor noise, `[pixels, channels]`. */
export function develop(
  linear: Float32Array,
  { channels, noise, seed }: DevelopOptions,
): Uint8Array {
  const count = linear.length / 3;
  // Clamped arrays round and limit what is stored.
  const image = new Uint8ClampedArray(count * channels);
  const grain = noise > 0 ? noiseOf(255 * noise, seed) : () => 0;
  for (let i = 0; i < count; i++) {
    const r = toneMap(linear[3 * i]);
    const g = toneMap(linear[3 * i + 1]);
    const b = toneMap(linear[3 * i + 2]);
    if (channels === 1) {
      image[i] = 0.299 * r + 0.587 * g + 0.114 * b + grain();
    } else {
      image[3 * i] = r + grain();
      image[3 * i + 1] = g + grain();
      image[3 * i + 2] = b + grain();
    }
  }
  return new Uint8Array(image.buffer);
}
