import type { RandomKey } from '../../base/random.ts';
import { type Matrix, rowRange } from '../linear-algebra/matrix.ts';
import {
  frechetDistanceOfMoments,
  moments,
  resampledFrechetDistance,
} from '../statistics/frechet-distance.ts';
import type { PairMatrices } from '../statistics/two-sets.ts';
import { type RealismEstimates, realismEstimates } from './estimates.ts';
import { resampledDistances } from './resamples.ts';
import type { SetFeatures, SetProducts } from './set-products.ts';

/** Fréchet distances of each set to the photographs. */
export interface FrechetRealism extends RealismEstimates {
  /** Images a side in every one of them. */
  readonly images: number;
}

/**
 * Fréchet distances between equally many images, because few images raise them: renders and refined
 * images against each half of the photographs, averaged, and the halves against each other.
 */
export function frechetRealism(
  sets: SetFeatures,
  products: SetProducts,
  { key, replicates, draws }: { key: RandomKey; replicates: number; draws: number },
): FrechetRealism {
  const images = Math.min(sets.synthetic.rows, sets.refined.rows, sets.real.rows >> 1);
  const [a, b] = [0, images].map((start) => moments(rowRange(sets.real, start, images)));
  const toHalves = (m: Matrix) => {
    const own = moments(rowRange(m, 0, images));
    return (frechetDistanceOfMoments(own, a) + frechetDistanceOfMoments(own, b)) / 2;
  };
  const values = {
    synthetic: toHalves(sets.synthetic),
    refined: toHalves(sets.refined),
    real: frechetDistanceOfMoments(a, b),
  };
  const drawn = Math.min(draws, images);
  const real = products.synthetic.second;
  const resampled = resampledDistances({ key, replicates, draws: drawn }, products.sizes, (w) => {
    const halved = (p: PairMatrices, first: Float64Array) =>
      (resampledFrechetDistance(p, { first, second: w.realA }) +
        resampledFrechetDistance(p, { first, second: w.realB })) /
      2;
    return {
      synthetic: halved(products.synthetic, w.synthetic),
      refined: halved(products.refined, w.refined),
      real: resampledFrechetDistance(
        { first: real, second: real, across: real },
        { first: w.realA, second: w.realB },
      ),
    };
  });
  const scale = Math.sqrt(drawn / images);
  return { ...realismEstimates(values, resampled, scale), images };
}
