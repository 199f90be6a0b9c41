import sharp from 'sharp';
import type { Measures, RowResult } from './row-result.ts';

/** Below this share of the renders' spread the refined images count as one and the same. */
const smallestSpread = 0.25;
/** Above this share of faces that the detector no longer finds, the images are no faces. */
const mostFacesLost = 0.5;

/** Pixels a side of the images whose spread is measured: texture and noise do not count. */
const side = 8;

/**
 * Why a run counts as collapsed: its training diverged; its images are alike whatever the render,
 * spread below 0.25 of the renders'; or more than half of the faces are no longer found.
 */
export function collapseOf(measures: Measures | null): RowResult['collapse'] {
  if (measures === null) return 'diverged';
  if (measures.spread < smallestSpread) return 'alike';
  return measures.facesLost > mostFacesLost ? 'faces-lost' : null;
}

/**
 * How much the images of a set differ from each other: reduced to 8×8 pixels, the standard
 * deviation of each value over the images, averaged over the values; in grey levels.
 */
export async function spreadOf(paths: readonly string[]): Promise<number> {
  const sums = new Float64Array(3 * side * side);
  const squares = new Float64Array(sums.length);
  for (const path of paths) {
    const values = await sharp(path)
      .toColourspace('srgb')
      .removeAlpha()
      .resize(side, side, { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer();
    for (let i = 0; i < sums.length; i++) {
      sums[i] += values[i];
      squares[i] += values[i] ** 2;
    }
  }
  const n = Math.max(1, paths.length);
  return sums.reduce((total, sum, i) => {
    const variance = Math.max(0, squares[i] / n - (sum / n) ** 2);
    return total + Math.sqrt(variance) / sums.length;
  }, 0);
}
