/** The logged quantities of an adversarial iteration that the notice looks at. */
export interface StagnationSample {
  readonly step: number;
  /** Mean absolute change of the image, 0 … 2. */
  readonly meanAbsoluteChange: number;
  readonly refinerAdversarial: number;
  readonly accuracyRefined: number;
}

export interface StagnationNotice {
  readonly step: number;
  readonly message: string;
}

export interface StagnationMonitor {
  /** Takes in an iteration; gives a notice when stagnation begins. */
  add(sample: StagnationSample): StagnationNotice | undefined;
}

/** Least relative change of a window's two halves that counts as movement. */
const smallestMovement = 0.02;
/** Standard errors by which the two halves must differ, so that noise is no movement. */
const significance = 3;

/**
 * Watches whether the refined images still move toward the photographs. Over the last `window`
 * iterations the older half is compared with the newer one; the refiner moves where
 *
 * - the mean absolute change of the image differs (it does something else than before), or
 * - its adversarial loss falls (its images look more real to a discriminator that learns too), or
 * - the discriminator's accuracy on refined images falls,
 *
 * each by more than 2 % of its older mean and by more than 3 standard errors of the difference of
 * the two means, `√(s₁²/n + s₂²/n)`. Where none does, the run stagnates. A notice is given once,
 * and again after the run has moved in between.
 */
export function createStagnationMonitor(window: number): StagnationMonitor {
  const samples: StagnationSample[] = [];
  const half = Math.floor(window / 2);
  let stagnant = false;
  return {
    add(sample) {
      samples.push(sample);
      if (samples.length > 2 * half) samples.shift();
      if (samples.length < 2 * half) return undefined;
      const difference = (name: Exclude<keyof StagnationSample, 'step'>) =>
        compareHalves(samples.map((each) => each[name]));
      const change = difference('meanAbsoluteChange');
      const loss = difference('refinerAdversarial');
      const accuracy = difference('accuracyRefined');
      const moves = change !== 0 || loss < 0 || accuracy < 0;
      const begins = !moves && !stagnant;
      stagnant = !moves;
      return begins ? notice(samples) : undefined;
    },
  };
}

/** The sign of the difference of the newer half's mean from the older's, 0 where it is noise. */
function compareHalves(values: readonly number[]): number {
  const half = values.length / 2;
  const older = statistics(values.slice(0, half));
  const newer = statistics(values.slice(half));
  const difference = newer.mean - older.mean;
  const error = Math.sqrt((older.variance + newer.variance) / half);
  const matters = Math.max(significance * error, smallestMovement * Math.abs(older.mean));
  return Math.abs(difference) > matters ? Math.sign(difference) : 0;
}

function statistics(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / Math.max(1, values.length - 1) };
}

function notice(samples: readonly StagnationSample[]): StagnationNotice {
  const newer = samples.slice(samples.length / 2);
  const mean = (name: Exclude<keyof StagnationSample, 'step'>) =>
    statistics(newer.map((sample) => sample[name])).mean;
  const { step } = samples[samples.length - 1];
  const change = mean('meanAbsoluteChange');
  const accuracy = mean('accuracyRefined');
  const message =
    `Stagnation at iteration ${step}: over the last ${samples.length} iterations the refined ` +
    `images no longer move toward the photographs (mean absolute change ${change.toFixed(4)}, ` +
    `adversarial loss ${mean('refinerAdversarial').toFixed(3)}, ` +
    `discriminator right on ${(100 * accuracy).toFixed(0)} % of refined patches).`;
  return { step, message };
}
