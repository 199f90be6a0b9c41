import type { RandomKey } from '../../base/random.ts';
import { subMatrix } from '../linear-algebra/matrix.ts';
import type { RealismDistances } from '../statistics/gap-closed.ts';
import {
  cubicKernel,
  kernelDistance,
  subsetKernelDistance,
} from '../statistics/kernel-distance.ts';
import { type RealismEstimates, realismEstimates } from './estimates.ts';
import { resampledDistances } from './resamples.ts';
import type { SetProducts } from './set-products.ts';

/** Kernel distances of each set to the photographs. */
export interface KernelRealism extends RealismEstimates {
  /** Standard errors over subsets, as clean-fid's KID has them. */
  readonly standardErrors: RealismDistances;
}

/**
 * Unbiased kernel distances with the cubic kernel: of renders and of refined images to all
 * photographs, and of one half of the photographs to the other.
 */
export function kernelRealism(
  products: SetProducts,
  { key, replicates }: { key: RandomKey; replicates: number },
): KernelRealism {
  const synthetic = cubicKernel(products.synthetic, products.dimensions);
  const refined = cubicKernel(products.refined, products.dimensions);
  const real = synthetic.second;
  const rows = Int32Array.from({ length: real.rows }, (_, i) => i);
  const [a, b] = [rows.subarray(0, real.rows >> 1), rows.subarray(real.rows >> 1)];
  const halves = {
    first: subMatrix(real, a, a),
    second: subMatrix(real, b, b),
    across: subMatrix(real, a, b),
  };
  const subsets = {
    synthetic: subsetKernelDistance(synthetic, { key }),
    refined: subsetKernelDistance(refined, { key }),
    real: subsetKernelDistance(halves, { key }),
  };
  const resampled = resampledDistances({ key, replicates }, products.sizes, (w) => ({
    synthetic: kernelDistance(synthetic, { first: w.synthetic, second: w.real }),
    refined: kernelDistance(refined, { first: w.refined, second: w.real }),
    real: kernelDistance(
      { first: real, second: real, across: real },
      { first: w.realA, second: w.realB },
    ),
  }));
  const values = {
    synthetic: subsets.synthetic.mean,
    refined: subsets.refined.mean,
    real: subsets.real.mean,
  };
  return {
    ...realismEstimates(values, resampled),
    standardErrors: {
      synthetic: subsets.synthetic.standardError,
      refined: subsets.refined.standardError,
      real: subsets.real.standardError,
    },
  };
}
