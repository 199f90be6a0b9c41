import { permutation, type RandomKey, split } from '../../base/random.ts';
import { subMatrix } from '../linear-algebra/matrix.ts';
import { centredInterval } from '../statistics/bootstrap.ts';
import {
  type DensityCoverage,
  densityCoverage,
  type PrecisionRecall,
  precisionRecall,
} from '../statistics/nearest-neighbours.ts';
import { type PairMatrices, pairSquaredDistances } from '../statistics/two-sets.ts';
import type { Estimate } from './estimates.ts';
import type { SetProducts } from './set-products.ts';

export const neighbourMeasures = ['precision', 'recall', 'density', 'coverage'] as const;
export type NeighbourMeasure = (typeof neighbourMeasures)[number];
export type NeighbourEstimates = Readonly<Record<NeighbourMeasure, Estimate>>;

/** How renders and refined images cover the photographs. */
export interface NeighbourRealism {
  readonly synthetic: NeighbourEstimates;
  readonly refined: NeighbourEstimates;
}

const fewestImages = 12;

/**
 * Precision, recall, density and coverage, with intervals from random halves of the sets: the
 * values of halves spread about as far as those of whole sets drawn anew (the jackknife that
 * deletes a half, Shao and Wu 1989, whose factor (n − d) / d is 1). A bootstrap would draw images
 * twice, which are their own nearest neighbours. The halves lie less densely, so only the spread is
 * taken from them.
 */
export function neighbourRealism(
  products: SetProducts,
  { key, replicates }: { readonly key: RandomKey; readonly replicates: number },
): NeighbourRealism {
  const estimates = (toReal: PairMatrices): NeighbourEstimates => {
    const distances = pairSquaredDistances(toReal);
    const values = measure(distances);
    const halves = Array.from({ length: replicates }, (_, r) => half(distances, split(key, r)));
    return Object.fromEntries(
      neighbourMeasures.map((name) => {
        const spread = Float64Array.from(halves, (found) => found[name]);
        const { low, high } = centredInterval(values[name], spread);
        const ceiling = name === 'density' ? high : Math.min(high, 1);
        return [name, { value: values[name], low: Math.max(low, 0), high: ceiling }];
      }),
    ) as NeighbourEstimates;
  };
  return { synthetic: estimates(products.synthetic), refined: estimates(products.refined) };
}

function measure(distances: PairMatrices): PrecisionRecall & DensityCoverage {
  return { ...precisionRecall(distances), ...densityCoverage(distances) };
}

/** The measures of half of each set; sets of fewer than 12 images stay whole. */
function half({ first, second, across }: PairMatrices, key: RandomKey) {
  const draw = (label: string, rows: number) =>
    permutation(split(key, label), rows).subarray(0, rows < fewestImages ? rows : rows >> 1);
  const [a, b] = [draw('first', first.rows), draw('second', second.rows)];
  return measure({
    first: subMatrix(first, a, a),
    second: subMatrix(second, b, b),
    across: subMatrix(across, a, b),
  });
}
