/**
 * Randomness as explicit, splittable keys: every draw is a pure function of a key, so a resumed run
 * needs no hidden generator state. Threefry-2x32, 20 rounds (Salmon et al. 2011, “Parallel random
 * numbers: as easy as 1, 2, 3”, table 2).
 */
export type RandomKey = readonly [number, number];

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const parity = 0x1bd11bda;

function threefry([k0, k1]: RandomKey, c0: number, c1: number): [number, number] {
  const schedule = [k0, k1, k0 ^ k1 ^ parity];
  let x = (c0 + k0) | 0;
  let y = (c1 + k1) | 0;
  for (let round = 0; round < 20; round++) {
    const r = rotations[round % 8];
    x = (x + y) | 0;
    y = ((y << r) | (y >>> (32 - r))) ^ x;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x = (x + schedule[injection % 3]) | 0;
      y = (y + schedule[(injection + 1) % 3] + injection) | 0;
    }
  }
  return [x >>> 0, y >>> 0];
}

/** The root key of a seed (an integer of 0 … 2^53 − 1). */
export function randomKey(seed: number): RandomKey {
  return [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
}

/** An independent key for a purpose: `split(key, 'shuffle', epoch)`. */
export function split(key: RandomKey, ...labels: readonly (string | number)[]): RandomKey {
  return labels.reduce<RandomKey>((parent, label) => {
    if (typeof label === 'number') {
      return threefry(parent, label >>> 0, 1 + Math.floor(label / 2 ** 32));
    }
    let child: RandomKey = threefry(parent, label.length, 0);
    for (let i = 0; i < label.length; i++) child = threefry(child, label.charCodeAt(i), 0);
    return child;
  }, key);
}

/** `count` draws from the uniform distribution on [0, 1), 32 bits each. */
export function uniform(key: RandomKey, count: number): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i += 2) {
    const [a, b] = threefry(key, i, 2);
    values[i] = a / 2 ** 32;
    if (i + 1 < count) values[i + 1] = b / 2 ** 32;
  }
  return values;
}

/** `count` draws from the standard normal distribution (Box and Muller 1958). */
export function normal(key: RandomKey, count: number): Float64Array {
  const values = new Float64Array(count);
  const u = uniform(key, count + (count % 2));
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - u[i]));
    values[i] = radius * Math.cos(2 * Math.PI * u[i + 1]);
    if (i + 1 < count) values[i + 1] = radius * Math.sin(2 * Math.PI * u[i + 1]);
  }
  return values;
}

/** A random order of 0 … count − 1 (Fisher and Yates). */
export function permutation(key: RandomKey, count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const u = uniform(key, count);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(u[i] * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
