import type { Run } from '../row.ts';
import type { Measures, RowResult } from '../row-result.ts';

const exactly = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });

/** Measures of a run that closed a share of the gap. */
export function madeUpMeasures(gapClosed: number): Measures {
  const distances = {
    renders: exactly(0.008),
    refined: exactly(0.008 * (1 - gapClosed)),
    photographs: exactly(0.0001),
    gapClosed: { value: gapClosed, low: gapClosed - 0.1, high: gapClosed + 0.1 },
  };
  return {
    seconds: 90,
    kid: distances,
    fd: distances,
    twoSample: { renders: 0.99, refined: 0.9, photographs: 0.5 },
    landmarkDriftPixels: { mean: 0.36, noiseFloor: 0.37 },
    identityCosine: 0.97,
    accepted: 0.9,
    rejected: 0.08,
    unverifiable: 0.02,
    facesLost: 0,
    complexionShiftDegrees: { mean: 3, largestGroup: { name: 'dark, frontal', mean: 9 } },
    meanAbsoluteChange: 0.1,
    spread: 0.9,
  };
}

/** A finished run as its file holds it. */
export function madeUpResult(
  { row, channels, seed }: Run,
  changes: Partial<RowResult> = {},
): RowResult {
  return {
    ...{ row: row.name, preset: row.preset, changes: [...row.set], channels, seed },
    ...(row.renders && { renders: row.renders }),
    minutes: row.minutes,
    threads: 2,
    recipe: {},
    training: {
      outcome: 'out-of-time',
      minutes: row.minutes,
      iterations: 400,
      exported: 400,
      iterationsPerSecond: 1.2,
      stagnation: null,
      end: { accuracyReal: 0.8, accuracyRefined: 0.6 },
    },
    machine: { cores: 2, load: 2.1, otherCores: 0.1 },
    ...{ version: '0.1.0', commit: 'abcdef0', date: '2026-01-02T03:04', data: 'abc' },
    images: { renders: 2000, photographs: 520, evaluatedRenders: 500, heldOutPhotographs: 350 },
    measures: madeUpMeasures(0.3),
    ...{ collapse: null, usefulness: null },
    ...changes,
  };
}
