import type { TrainConfig } from './config.ts';
import type { SelectionRecord } from './selection-record.ts';

/**
 * How far λ follows a measurement: by e to the power of this where the drift is twice the target. It
 * rises faster than it falls: labels come first, and drift follows λ only hundreds of iterations later.
 */
const gains = { rise: 1, fall: 0.1 };

/** How far λ goes at most from where it began, as a factor. */
const range = 1000;

/**
 * The factor of λ that holds the measured landmark drift d at a target t, `regularization.driftTarget`
 * times the noise floor: after each regular measurement `f ← f exp(g · clamp(d / t − 1, −1, 1))` with
 * g = 1 where the drift is above the target and 0.1 below, an integrating controller of log λ like the
 * one of `regularization.target`, which goes by the change of the pixels instead. It depends on the
 * measurements alone, so that a resumed run has the same λ; the measurement of a run's end, which one
 * that goes on would not have made, does not count.
 *
 * @returns 1 without a target, and where no face is found to measure.
 */
export function driftFactor(records: readonly SelectionRecord[], config: TrainConfig): number {
  const { driftTarget } = config.regularization;
  if (driftTarget === 0) return 1;
  let factor = 1;
  for (const { step, drift, noiseFloor } of records) {
    if (step % config.selection.every !== 0 || drift === undefined || !noiseFloor) continue;
    const excess = drift / (driftTarget * noiseFloor) - 1;
    const gain = excess > 0 ? gains.rise : gains.fall;
    factor *= Math.exp(gain * Math.min(1, Math.max(-1, excess)));
    factor = Math.min(range, Math.max(1 / range, factor));
  }
  return factor;
}
