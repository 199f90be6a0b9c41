import { centredInterval, type Interval } from '../statistics/bootstrap.ts';
import { gapClosed, type RealismDistances } from '../statistics/gap-closed.ts';

/** A number with its 95 % confidence interval. */
export interface Estimate extends Interval {
  readonly value: number;
}

/** What one distance says about the three sets. */
export interface RealismEstimates {
  readonly synthetic: Estimate;
  readonly refined: Estimate;
  /** One half of the photographs against the other. */
  readonly real: Estimate;
  /** Absent where the renders are as near to the photographs as those are to each other. */
  readonly gapClosed?: Estimate;
}

/**
 * Values with intervals from resampled distances.
 *
 * @param scale √(m/n) where m images were drawn for sets of n
 */
export function realismEstimates(
  values: RealismDistances,
  resampled: readonly RealismDistances[],
  scale = 1,
): RealismEstimates {
  const estimate = (value: number, of: (d: RealismDistances) => number | undefined): Estimate => {
    const replicates = resampled.map(of).filter((d) => d !== undefined);
    return { value, ...centredInterval(value, Float64Array.from(replicates), { scale }) };
  };
  const share = gapClosed(values);
  // A gap that many resamples lose is not established, and shares of it mean nothing.
  const lost = resampled.filter((d) => gapClosed(d) === undefined).length / resampled.length;
  return {
    synthetic: estimate(values.synthetic, (d) => d.synthetic),
    refined: estimate(values.refined, (d) => d.refined),
    real: estimate(values.real, (d) => d.real),
    ...(share !== undefined && lost < 0.05 ? { gapClosed: estimate(share, gapClosed) } : {}),
  };
}
