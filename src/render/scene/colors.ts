import { type RandomKey, split } from '../../base/random.ts';
import { drawNormal, drawShare, drawWeighted, rounded } from './draw.ts';
import type { Color, Identity } from './scene.ts';

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

export function mix(a: Color, b: Color, share: number): Color {
  return [0, 1, 2].map((k) => a[k] + (b[k] - a[k]) * share) as unknown as Color;
}

export function roundedColor(color: readonly number[]): Color {
  return color.map((value) => rounded(Math.max(0, value))) as unknown as Color;
}

/** Linear RGB of hue (0 … 1), saturation and value. */
export function colorOf(hue: number, saturation: number, value: number): Color {
  const channel = (offset: number) => {
    const k = (offset + hue * 6) % 6;
    return value * (1 - saturation * clamp(Math.min(k, 4 - k), 0, 1));
  };
  return [channel(5), channel(3), channel(1)];
}

/**
 * Linear reflectance of faces from the darkest (0) to the lightest (1) complexion, evenly spaced.
 */
const complexions: readonly Color[] = [
  [0.05, 0.024, 0.014],
  [0.1, 0.047, 0.027],
  [0.18, 0.088, 0.05],
  [0.28, 0.148, 0.09],
  [0.38, 0.213, 0.135],
  [0.45, 0.268, 0.18],
  [0.52, 0.33, 0.235],
];
const usualComplexion = { african: 0.22, asian: 0.66, caucasian: 0.78 } as const;

/** The complexion of an ancestry mix, shifted by `lightness`, with some redness or sallowness. */
export function skinColor(
  key: RandomKey,
  ancestry: Identity['ancestry'],
  lightness: number,
): { readonly color: Color; readonly level: number } {
  const usual =
    ancestry.african * usualComplexion.african +
    ancestry.asian * usualComplexion.asian +
    ancestry.caucasian * usualComplexion.caucasian;
  const level = clamp(usual + lightness, 0, 1);
  const at = level * (complexions.length - 1);
  const below = Math.min(complexions.length - 2, Math.floor(at));
  const base = mix(complexions[below], complexions[below + 1], at - below);
  const redness = 1 + 0.05 * drawNormal(key, 'redness');
  const sallowness = 1 + 0.06 * drawNormal(key, 'sallowness');
  return { color: roundedColor([base[0] * redness, base[1], base[2] / sallowness]), level };
}

const naturalHair = {
  black: [0.014, 0.011, 0.009],
  darkBrown: [0.032, 0.02, 0.012],
  brown: [0.072, 0.042, 0.023],
  lightBrown: [0.14, 0.085, 0.046],
  blond: [0.32, 0.215, 0.11],
  red: [0.15, 0.048, 0.015],
} as const satisfies Record<string, Color>;
const gray: Color = [0.2, 0.2, 0.2];
const white: Color = [0.4, 0.4, 0.39];

/** How common a hair colour is: black everywhere, the others with the European share. */
function hairWeights({
  caucasian,
}: Identity['ancestry']): Record<keyof typeof naturalHair, number> {
  const european = caucasian ** 2;
  return {
    black: 1 - 0.82 * european,
    darkBrown: 0.25 + 0.3 * european,
    brown: 0.04 + 0.5 * european,
    lightBrown: 0.3 * european,
    blond: 0.3 * european,
    red: 0.1 * european,
  };
}

/** Colours of hair and brows; from the age of forty on they turn grey, for some earlier. */
export function hairColors(
  key: RandomKey,
  identity: Pick<Identity, 'age' | 'ancestry'>,
  dyed: number,
): { readonly hairColor: Color; readonly eyebrowColor: Color } {
  const weights = hairWeights(identity.ancestry);
  const names = Object.keys(naturalHair) as (keyof typeof naturalHair)[];
  const name = drawWeighted(key, 'natural', names, (option) => weights[option]);
  const brightness = 2 ** (0.35 * drawNormal(key, 'brightness'));
  const natural = naturalHair[name].map((value) => value * brightness) as unknown as Color;
  const grayness = clamp((identity.age - 50 + 11 * drawNormal(key, 'gray')) / 24, 0, 1);
  const old = mix(gray, white, drawShare(key, 'white') * grayness);
  const color = roundedColor(mix(natural, old, grayness));
  const dye = colorOf(drawShare(key, 'dye'), 0.85, 0.25);
  return {
    hairColor: drawShare(key, 'dyed') < dyed ? roundedColor(dye) : color,
    // Brows are darker than the hair and grey later.
    eyebrowColor: roundedColor(mix(natural, old, 0.6 * grayness).map((value) => 0.6 * value)),
  };
}

const irisWeights: Readonly<Record<string, number>> = {
  brown: 0.5,
  brownlight: 0.9,
  blue: 0.7,
  bluegreen: 0.3,
  deepblue: 0.15,
  green: 0.3,
  grey: 0.5,
  ice: 0.2,
  lightblue: 0.4,
};

/** Iris texture: light ones go with light hair. */
export function irisName(
  key: RandomKey,
  names: readonly string[],
  { caucasian }: Identity['ancestry'],
) {
  const european = caucasian ** 2;
  return drawWeighted(key, 'iris', names, (name) =>
    name.startsWith('brown')
      ? irisWeights[name] + 1.5 * (1 - european)
      : irisWeights[name] * european,
  );
}

/** A cloth colour: mostly muted, some white and black. */
export function clothColor(key: RandomKey): Color {
  const cloth = split(key, 'cloth');
  const value = 0.02 + 0.6 * drawShare(cloth, 'value') ** 2;
  const saturation = 0.85 * drawShare(cloth, 'saturation') ** 1.5;
  return roundedColor(colorOf(drawShare(cloth, 'hue'), saturation, value));
}
