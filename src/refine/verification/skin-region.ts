import type { Landmarks, Point } from '../../faces/index.ts';
import { parts } from '../../render/assets/parts.ts';
import type { PartMask } from './part-mask.ts';

/** Outlines of the cheeks: cheek bone, jaw, corner of the mouth, nostril, lower eyelid. */
const cheeks = [
  [1, 3, 48, 31, 41],
  [15, 13, 54, 35, 46],
] as const;

/** A mask that marks the cheeks as skin, for images with a face but without a part mask. */
export function cheekMask(
  landmarks: Landmarks,
  { width, height }: { readonly width: number; readonly height: number },
): PartMask {
  const outlines = cheeks.map((outline) => outline.map((i) => landmarks[i]));
  const codes = new Uint8Array(width * height);
  for (let i = 0; i < codes.length; i++) {
    const centre: Point = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    if (outlines.some((outline) => isInside(outline, centre))) codes[i] = parts.skin;
  }
  return { width, height, codes };
}

/** Whether a ray from the point to the right crosses the outline an odd number of times. */
function isInside(outline: readonly Point[], [x, y]: Point): boolean {
  let inside = false;
  for (const [i, [x1, y1]] of outline.entries()) {
    const [x2, y2] = outline[(i + 1) % outline.length];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  }
  return inside;
}
