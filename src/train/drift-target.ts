import type { TrainConfig } from './config.ts';
import { followTarget } from './follow-target.ts';
import { isRegular, type SelectionRecord } from './selection-record.ts';

/**
 * How far λ follows a measurement: by e to the power of this where the drift is twice the target.
 * It rises faster than it falls: labels come first, and drift follows λ only hundreds of iterations
 * later.
 */
const gains = { rise: 1, fall: 0.1 };

/**
 * The factor of λ that holds the measured landmark drift at `regularization.driftTarget` times the
 * noise floor: {@link followTarget} after each regular measurement, with a gain of 1 where the
 * drift is above the target and 0.1 below. It depends on the measurements alone, so that a resumed
 * run has the same λ; the measurement of a run's end, which one that goes on would not have made,
 * does not count.
 *
 * @returns 1 without a target, and where no face is found to measure.
 */
export function driftFactor(records: readonly SelectionRecord[], config: TrainConfig): number {
  const { driftTarget } = config.regularization;
  if (driftTarget === 0) return 1;
  let factor = 1;
  for (const record of records) {
    const { drift, noiseFloor } = record;
    if (!isRegular(record, config.selection.every) || drift === undefined || !noiseFloor) continue;
    const target = driftTarget * noiseFloor;
    const gain = drift > target ? gains.rise : gains.fall;
    factor = followTarget(factor, { measured: drift, target, gain });
  }
  return factor;
}
