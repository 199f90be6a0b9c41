import { normal, type RandomKey, split, uniform } from '../../base/random.ts';

/** Numbers in a scene are rounded, so that its JSON makes the same image again. */
export const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

interface Bell {
  readonly mean: number;
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** An even draw of [0, 1) for a purpose. */
export function drawShare(key: RandomKey, label: string): number {
  return uniform(split(key, label), 1)[0];
}

export function drawNormal(key: RandomKey, label: string): number {
  return normal(split(key, label), 1)[0];
}

/** A normal draw within its limits: the first of 32 that fits, else the limit nearest the mean. */
export function drawBell(key: RandomKey, label: string, bell: Bell): number {
  for (const z of normal(split(key, label), 32)) {
    const value = bell.mean + z * bell.deviation;
    if (value >= bell.min && value <= bell.max) return rounded(value);
  }
  return rounded(Math.min(bell.max, Math.max(bell.min, bell.mean)));
}

/** The value at a share, 0 … 1, of a range. */
export function atShare({ min, max }: Range, share: number): number {
  return min + share * (max - min);
}

export function drawRange(key: RandomKey, label: string, range: Range): number {
  return rounded(atShare(range, drawShare(key, label)));
}

export function drawChance(key: RandomKey, label: string, probability: number): boolean {
  return drawShare(key, label) < probability;
}

/** One of the options, in proportion to the weights; the last where all weights are 0. */
export function drawWeighted<Option>(
  key: RandomKey,
  label: string,
  options: readonly Option[],
  weight: (option: Option) => number = () => 1,
): Option {
  const total = options.reduce((sum, option) => sum + weight(option), 0);
  let left = drawShare(key, label) * total;
  for (const option of options) {
    left -= weight(option);
    if (left < 0) return option;
  }
  return options[options.length - 1];
}

/** A draw of the gamma distribution with scale 1 (Marsaglia and Tsang 2000). */
export function drawGamma(key: RandomKey, label: string, shape: number): number {
  if (shape < 1) {
    const boost = drawShare(key, `${label}/boost`) ** (1 / shape);
    return boost * drawGamma(key, `${label}/whole`, shape + 1);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  const z = normal(split(key, label, 'z'), 64);
  const u = uniform(split(key, label, 'u'), 64);
  for (let i = 0; i < z.length; i++) {
    const v = (1 + c * z[i]) ** 3;
    if (v > 0 && Math.log(1 - u[i]) < 0.5 * z[i] ** 2 + d - d * v + d * Math.log(v)) return d * v;
  }
  return d;
}
