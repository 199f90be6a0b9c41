import type { Plane } from './blur.ts';

/** Height and width of the image that is hashed. */
export const hashedSize = 48;
/** Frequencies kept along each axis; the constant one is left out, so 16² − 1 bits count. */
const frequencies = 16;

/** Row *k* holds the cosine of frequency *k* at each pixel. */
const basis = Float64Array.from({ length: frequencies * hashedSize }, (_, i) => {
  const [k, x] = [Math.floor(i / hashedSize), i % hashedSize];
  return Math.cos((Math.PI * k * (2 * x + 1)) / (2 * hashedSize));
});

/**
 * A perceptual hash: the signs of the low frequencies of the discrete cosine transform of a 48 × 48
 * image against their median (Zauner 2010, “Implementation and benchmarking of perceptual image
 * hash functions”, section 3.2.1), 256 bits as 64 hexadecimal digits. Brightness, contrast,
 * compression and scale change few bits.
 */
export function perceptualHash({ values }: Plane): string {
  const rows = new Float64Array(frequencies * hashedSize);
  for (let k = 0; k < frequencies; k++) {
    for (let y = 0; y < hashedSize; y++) {
      let sum = 0;
      for (let x = 0; x < hashedSize; x++) {
        sum += basis[k * hashedSize + x] * values[y * hashedSize + x];
      }
      rows[k * hashedSize + y] = sum;
    }
  }
  const coefficients = new Float64Array(frequencies * frequencies);
  for (let k = 0; k < frequencies; k++) {
    for (let l = 0; l < frequencies; l++) {
      let sum = 0;
      for (let y = 0; y < hashedSize; y++) {
        sum += basis[l * hashedSize + y] * rows[k * hashedSize + y];
      }
      coefficients[l * frequencies + k] = sum;
    }
  }
  coefficients[0] = 0;
  const median = coefficients.toSorted()[coefficients.length / 2];
  let text = '';
  for (let i = 0; i < coefficients.length; i += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit++) digit = 2 * digit + Number(coefficients[i + bit] > median);
    text += digit.toString(16);
  }
  return text;
}

/** The hash as eight 32-bit words. */
function wordsOf(hash: string): Uint32Array {
  return Uint32Array.from({ length: 8 }, (_, i) =>
    Number.parseInt(hash.slice(8 * i, 8 * i + 8), 16),
  );
}

function differingBits(first: Uint32Array, second: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < first.length; i++) {
    let bits = first[i] ^ second[i];
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/** The number of bits in which two hashes differ, 0 … 256. */
export function hashDistance(first: string, second: string): number {
  return differingBits(wordsOf(first), wordsOf(second));
}

/** The hashes met so far. */
export interface DuplicateFinder {
  /** The name of an earlier hash within the distance, if there is one. */
  find(hash: string): string | undefined;
  add(hash: string, name: string): void;
}

interface KnownHash {
  readonly words: Uint32Array;
  readonly name: string;
}

/**
 * Finds near-duplicates without comparing with every hash: of two hashes that differ in at most
 * `distance` bits (below 64), at least one of `distance` + 1 parts is equal.
 */
export function createDuplicateFinder(distance: number): DuplicateFinder {
  const partLength = Math.floor(64 / (distance + 1));
  const parts = (hash: string) =>
    Array.from({ length: distance + 1 }, (_, i) => {
      return `${i}:${hash.slice(i * partLength, (i + 1) * partLength)}`;
    });
  const buckets = new Map<string, KnownHash[]>();
  return {
    find: (hash) => {
      const words = wordsOf(hash);
      for (const part of parts(hash)) {
        for (const known of buckets.get(part) ?? []) {
          if (differingBits(known.words, words) <= distance) return known.name;
        }
      }
      return undefined;
    },
    add: (hash, name) => {
      const known = { words: wordsOf(hash), name };
      for (const part of parts(hash)) {
        const bucket = buckets.get(part);
        if (bucket === undefined) buckets.set(part, [known]);
        else bucket.push(known);
      }
    },
  };
}
