import type { ColorImage } from '../../faces/index.ts';
import { parts } from '../../render/assets/parts.ts';
import { type Lab, labOfPixel } from './lab.ts';
import type { PartMask } from './part-mask.ts';

/** The colour of the skin of one face as the picture shows it, light included. */
export interface Complexion {
  /** Median lightness L* of the skin, 0 … 100. */
  readonly lightness: number;
  /**
   * The individual typology angle, ITA = atan2(L* − 50, b*) of the medians, in degrees (Chardon,
   * Cretois and Hourseau 1991): above 55 very light, below −30 dark. Absent for skin without
   * colour, where it would be ±90 whatever the lightness.
   */
  readonly typologyAngle?: number;
}

const fewestPixels = 30;
const leastColor = 2;

/** The complexion of the skin and nose of a mask, or undefined where they have under 30 pixels. */
export function complexionOf(image: ColorImage, mask: PartMask): Complexion | undefined {
  const colors: Lab[] = [];
  for (const [i, code] of mask.codes.entries()) {
    if (code === parts.skin || code === parts.nose) colors.push(labOfPixel(image, i));
  }
  if (colors.length < fewestPixels) return undefined;
  const [lightness, red, yellow] = [0, 1, 2].map((axis) => median(colors.map((c) => c[axis])));
  if (Math.hypot(red, yellow) < leastColor) return { lightness };
  return { lightness, typologyAngle: (Math.atan2(lightness - 50, yellow) * 180) / Math.PI };
}

/** How far refinement moved a complexion; positive is lighter. */
export interface ComplexionShift {
  readonly lightness: number;
  /** Degrees; absent where one of the two has no angle. */
  readonly typologyAngle?: number;
}

/** The difference of two complexions, second less first, the angle on the short way round. */
export function complexionShift(first: Complexion, second: Complexion): ComplexionShift {
  const lightness = second.lightness - first.lightness;
  if (first.typologyAngle === undefined || second.typologyAngle === undefined) {
    return { lightness };
  }
  const turn = second.typologyAngle - first.typologyAngle;
  return { lightness, typologyAngle: ((((turn + 180) % 360) + 360) % 360) - 180 };
}

/**
 * Skin colour groups with the angle above which each begins (Del Bino and Bernerd 2013, table 1).
 */
export const complexionGroups = [
  ['very light', 55],
  ['light', 41],
  ['intermediate', 28],
  ['tan', 10],
  ['brown', -30],
  ['dark', Number.NEGATIVE_INFINITY],
] as const;
export type ComplexionGroup = (typeof complexionGroups)[number][0];

/** The group of a typology angle in degrees. */
export function complexionGroupOf(typologyAngle: number): ComplexionGroup {
  return complexionGroups.find(([, above]) => typologyAngle > above)?.[0] ?? 'dark';
}

function median(values: number[]): number {
  const sorted = values.sort((p, q) => p - q);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
