import type { Matrix } from '../linear-algebra/matrix.ts';
import type { PairMatrices } from './two-sets.ts';

/** How two sets cover each other, as shares of 0 … 1. */
export interface PrecisionRecall {
  /** The share of the first set that lies where the second set is: does it look right. */
  readonly precision: number;
  /** The share of the second set that lies where the first set is: is all variety there. */
  readonly recall: number;
}

/**
 * Improved precision and recall (Kynkäänniemi et al. 2019, arXiv 1904.06991, section 2): a set is
 * the union of balls around its images that reach to the k-th nearest other image of the set.
 *
 * @param distances squared distances; `first` the set that is judged, `second` the photographs
 * @param neighbours k, 3 in the paper
 */
export function precisionRecall(distances: PairMatrices, neighbours = 3): PrecisionRecall {
  const { across } = distances;
  const firstRadii = neighbourRadii(distances.first, neighbours);
  const secondRadii = neighbourRadii(distances.second, neighbours);
  const firstCovered = new Uint8Array(across.rows);
  const secondCovered = new Uint8Array(across.columns);
  for (let i = 0; i < across.rows; i++) {
    for (let j = 0; j < across.columns; j++) {
      const d = across.values[i * across.columns + j];
      if (d <= secondRadii[j]) firstCovered[i] = 1;
      if (d <= firstRadii[i]) secondCovered[j] = 1;
    }
  }
  return { precision: share(firstCovered), recall: share(secondCovered) };
}

export interface DensityCoverage {
  /** How densely the photographs lie around the judged images; 1 where the sets are alike. */
  readonly density: number;
  /** The share of photographs with a judged image among their nearest neighbours. */
  readonly coverage: number;
}

/**
 * Density and coverage (Naeem et al. 2020, arXiv 2002.09797, section 3), which one outlier among
 * the photographs cannot inflate as it does precision: density is Σ over pairs of
 * [d(x, y) < r(y)] / (k n), coverage the share of photographs y with some x nearer than r(y), r(y)
 * reaching to y's k-th neighbour.
 *
 * @param distances squared distances; `first` the set that is judged, `second` the photographs
 * @param neighbours k, 5 in the paper
 */
export function densityCoverage(distances: PairMatrices, neighbours = 5): DensityCoverage {
  const { across } = distances;
  const radii = neighbourRadii(distances.second, neighbours);
  const covered = new Uint8Array(across.columns);
  let inside = 0;
  for (let i = 0; i < across.rows; i++) {
    for (let j = 0; j < across.columns; j++) {
      if (!(across.values[i * across.columns + j] < radii[j])) continue;
      covered[j] = 1;
      inside++;
    }
  }
  return { density: inside / (neighbours * across.rows), coverage: share(covered) };
}

/** The squared distance of each image to its k-th nearest other image in the set. */
function neighbourRadii(within: Matrix, neighbours: number): Float64Array {
  if (neighbours >= within.rows) {
    throw new Error(`Expected more than ${neighbours} images, got ${within.rows}.`);
  }
  return Float64Array.from({ length: within.rows }, (_, i) => {
    // Ascending; the image itself does not count, whatever duplicates it has.
    const nearest = new Float64Array(neighbours).fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < within.columns; j++) {
      const distance = within.values[i * within.columns + j];
      if (j === i || !(distance < nearest[neighbours - 1])) continue;
      let place = neighbours - 1;
      for (; place > 0 && nearest[place - 1] > distance; place--)
        nearest[place] = nearest[place - 1];
      nearest[place] = distance;
    }
    return nearest[neighbours - 1];
  });
}

function share(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
}
