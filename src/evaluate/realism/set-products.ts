import { gram, multiplyByTransposed } from '../linear-algebra/gram.ts';
import { type Matrix, rowRange } from '../linear-algebra/matrix.ts';
import type { SetSizes } from '../statistics/small-sets.ts';
import type { PairMatrices } from '../statistics/two-sets.ts';

/** Features [images, dimensions] of the three sets in one space. */
export interface SetFeatures {
  readonly synthetic: Matrix;
  readonly refined: Matrix;
  readonly real: Matrix;
}

/** Scalar products of the features of renders and of refined images with the photographs'. */
export interface SetProducts {
  readonly synthetic: PairMatrices;
  readonly refined: PairMatrices;
  readonly sizes: SetSizes;
  readonly dimensions: number;
}

/** The products of the first `limit` images of each set, computed once for all statistics. */
export function setProducts(sets: SetFeatures, limit: number): SetProducts {
  const synthetic = rowRange(sets.synthetic, 0, limit);
  const refined = rowRange(sets.refined, 0, limit);
  const real = rowRange(sets.real, 0, limit);
  const second = gram(real);
  return {
    synthetic: { first: gram(synthetic), second, across: multiplyByTransposed(synthetic, real) },
    refined: { first: gram(refined), second, across: multiplyByTransposed(refined, real) },
    sizes: { synthetic: synthetic.rows, refined: refined.rows, real: real.rows },
    dimensions: real.columns,
  };
}
