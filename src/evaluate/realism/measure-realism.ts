import { permutation, type RandomKey, split } from '../../base/random.ts';
import { type Matrix, selectRows } from '../linear-algebra/matrix.ts';
import { smallSetWarnings } from '../statistics/small-sets.ts';
import { type FrechetRealism, frechetRealism } from './frechet-realism.ts';
import { type KernelRealism, kernelRealism } from './kernel-realism.ts';
import { type NeighbourRealism, neighbourRealism } from './neighbour-realism.ts';
import { type SetFeatures, setProducts } from './set-products.ts';

export interface RealismOptions {
  readonly key: RandomKey;
  /** Resampled values an interval is made of, 200 by default; Fréchet distances take half. */
  readonly replicates?: number;
  /** Images a set at most in what looks at every pair of images, 2,000 by default. */
  readonly pairedImages?: number;
  /** Images drawn for a resampled Fréchet distance at most, 250 by default. */
  readonly frechetDraws?: number;
}

/** Everything that one feature space says about the realism of a refined set. */
export interface Realism {
  readonly kernel: KernelRealism;
  readonly frechet: FrechetRealism;
  readonly neighbours: NeighbourRealism;
  readonly warnings: readonly string[];
}

/** Halves that the intervals of precision, recall, density and coverage are made of, at most. */
const mostHalves = 50;

/**
 * Measures how near renders and refined images are to photographs. A refined set that is the
 * renders themselves gets exactly their numbers.
 *
 * @param features of the same extractor; 10 images a set or more
 */
export function measureRealism(features: SetFeatures, options: RealismOptions): Realism {
  const { key, replicates = 200, pairedImages = 2000, frechetDraws = 250 } = options;
  const sets = inRandomOrder(features, key);
  const products = setProducts(sets, pairedImages);
  const sizes = {
    synthetic: features.synthetic.rows,
    refined: features.refined.rows,
    real: features.real.rows,
  };
  return {
    kernel: kernelRealism(products, { key, replicates }),
    frechet: frechetRealism(sets, products, {
      key,
      replicates: replicates >> 1,
      draws: frechetDraws,
    }),
    neighbours: neighbourRealism(products, {
      key: split(key, 'neighbours'),
      replicates: Math.min(replicates, mostHalves),
    }),
    warnings: smallSetWarnings(sizes, features.real.columns),
  };
}

function inRandomOrder(features: SetFeatures, key: RandomKey): SetFeatures {
  const paired = features.synthetic.rows === features.refined.rows;
  const shuffled = (m: Matrix, label: string) =>
    selectRows(m, permutation(split(key, 'order', label), m.rows));
  return {
    synthetic: shuffled(features.synthetic, 'rendered'),
    refined: shuffled(features.refined, paired ? 'rendered' : 'refined'),
    real: shuffled(features.real, 'real'),
  };
}
