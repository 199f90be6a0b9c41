import type { Notice } from './watch.ts';

/** The logged quantities of an adversarial iteration that the notice looks at. */
export interface StagnationSample {
  readonly step: number;
  /** Mean absolute change of the image, 0 … 2. */
  readonly meanAbsoluteChange: number;
  readonly refinerAdversarial: number;
  readonly accuracyRefined: number;
  /** Distance to the photographs, where the refiner of the iteration before was measured. */
  readonly realism?: number | undefined;
}

export interface StagnationMonitor {
  /** Takes in an iteration; gives a notice when stagnation begins. */
  add(sample: StagnationSample): Notice | undefined;
}

type Quantity = Exclude<keyof StagnationSample, 'step' | 'realism'>;

/** Least relative change of a window's two halves that counts as movement. */
const smallestMovement = 0.02;
/**
 * Least relative fall of the measured distance that counts: the images measured are the same ones.
 */
const smallestApproach = 0.01;
/**
 * As many measurements in a row that come no nearer are needed before a run that came nearer stands
 * still.
 */
const patience = 10;
/** Standard errors by which the two halves must differ, so that noise is no movement. */
const significance = 3;
/** Neighbouring iterations are alike: the scatter is that of the means of blocks of them. */
const blocks = 10;
/**
 * Of the last half window's verdicts: at most so many say that it moves where a run stagnates, …
 */
const stagnantShare = 0.1;
/** … and at least so many before it can stagnate anew. */
const movingShare = 0.9;

/**
 * Watches whether the refined images still move toward the photographs. Over the last `window`
 * iterations the older half is compared with the newer one; the refiner moves where
 *
 * - the mean absolute change of the image differs (it does something else than before), or
 * - its adversarial loss falls (its images look more real to a discriminator that learns too), or
 * - the discriminator's accuracy on refined images falls, or
 * - a measurement within the window, or one of the last ten, found it nearer to the photographs
 *   than all before, by 1 %;
 *
 * each of the first three by more than 2 % of its older mean and by more than 3 standard errors of
 * the difference of the two means, `√((s₁² + s₂²) / 10)` with s² the variance of the means of 10
 * blocks a half. One verdict is chance: the run stagnates where at most a tenth of the verdicts of
 * the last half window say that it moves. A notice is given once, and again after nine tenths of
 * them said so in between.
 */
export function createStagnationMonitor(window: number): StagnationMonitor {
  const half = Math.floor(window / 2);
  const samples: StagnationSample[] = [];
  const verdicts: boolean[] = [];
  let stagnant = false;
  let nearest: number | undefined;
  let approach: { readonly step: number; readonly measurements: number } | undefined;
  let measurements = 0;
  const isApproaching = (step: number) =>
    approach !== undefined &&
    (step - approach.step < 2 * half || measurements - approach.measurements < patience);
  const measure = ({ step, realism }: StagnationSample) => {
    if (realism === undefined) return;
    measurements += 1;
    // Distances near 0 may be negative: they are unbiased.
    const isNearer =
      nearest !== undefined && realism < nearest - smallestApproach * Math.abs(nearest);
    if (isNearer) approach = { step, measurements };
    if (isNearer || nearest === undefined) nearest = realism;
  };
  return {
    add(sample) {
      measure(sample);
      samples.push(sample);
      if (samples.length > 2 * half) samples.shift();
      if (samples.length < 2 * half) return undefined;
      verdicts.push(moves(samples) || isApproaching(sample.step));
      if (verdicts.length > half) verdicts.shift();
      if (verdicts.length < half) return undefined;
      const share = verdicts.filter((moved) => moved).length / half;
      const begins = !stagnant && share <= stagnantShare;
      if (begins) stagnant = true;
      else if (share >= movingShare) stagnant = false;
      return begins ? notice(samples) : undefined;
    },
  };
}

function moves(samples: readonly StagnationSample[]): boolean {
  const difference = (name: Quantity) => compareHalves(samples.map((sample) => sample[name]));
  return (
    difference('meanAbsoluteChange') !== 0 ||
    difference('refinerAdversarial') < 0 ||
    difference('accuracyRefined') < 0
  );
}

/** The sign of the difference of the newer half's mean from the older's, 0 where it is noise. */
function compareHalves(values: readonly number[]): number {
  const half = values.length / 2;
  const older = statistics(values.slice(0, half));
  const newer = statistics(values.slice(half));
  const difference = newer.mean - older.mean;
  const error = Math.sqrt((older.variance + newer.variance) / blocks);
  const matters = Math.max(significance * error, smallestMovement * Math.abs(older.mean));
  return Math.abs(difference) > matters ? Math.sign(difference) : 0;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean, and the variance of the means of blocks. */
function statistics(values: readonly number[]) {
  const edge = (block: number) => Math.round((block * values.length) / blocks);
  const means = Array.from({ length: blocks }, (_, i) =>
    meanOf(values.slice(edge(i), edge(i + 1))),
  );
  const center = meanOf(means);
  const squares = means.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return { mean: meanOf(values), variance: squares / (blocks - 1) };
}

function notice(samples: readonly StagnationSample[]): Notice {
  const newer = samples.slice(samples.length / 2);
  const mean = (name: Quantity) => meanOf(newer.map((sample) => sample[name]));
  const { step } = samples[samples.length - 1];
  const message =
    `Stagnation at iteration ${step}: over the last ${samples.length} iterations the refined ` +
    'images no longer move toward the photographs ' +
    `(mean absolute change ${mean('meanAbsoluteChange').toFixed(4)}, ` +
    `adversarial loss ${mean('refinerAdversarial').toFixed(3)}, ` +
    `discriminator right on ${(100 * mean('accuracyRefined')).toFixed(0)} % of refined patches). ` +
    'More steps alone seldom help.';
  return { step, message };
}
