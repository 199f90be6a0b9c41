import { describe, expect, it } from 'vitest';
import { bestRecord, type SelectionRecord, selectionOutcome } from './selection-record.ts';

const record = (step: number, realism: number, drift?: number): SelectionRecord => ({
  step,
  realism,
  realismOfRenders: 1,
  ...(drift !== undefined && { drift, noiseFloor: 0.5, driftLimit: 0.5 }),
  seconds: 1,
});

const bestStep = (...records: readonly SelectionRecord[]) => bestRecord(records)?.step;

describe('the best refiner', () => {
  it('is the most realistic within the limit', () => {
    expect(bestStep(record(1, 0.3, 0.2), record(2, 0.1, 0.5), record(3, 0.2, 0.1))).toBe(2);
    expect(bestStep(record(1, 0.3, 0.2), record(2, 0.1, 0.51), record(3, 0.2, 0.1))).toBe(3);
    expect(bestStep(record(1, -0.01, 0.9), record(2, 5, 0.4))).toBe(2);
  });

  it('is the one that drifts least where none is within it', () => {
    expect(bestStep(record(1, 0.3, 0.7), record(2, 0.4, 0.6), record(3, 0.1, 0.9))).toBe(2);
  });

  it('is the first of equals, and none where nothing was measured', () => {
    expect(bestStep(record(1, 0.3, 0.2), record(2, 0.3, 0.1))).toBe(1);
    expect(bestStep(record(1, 0.3, 0.6), record(2, 0.2, 0.6))).toBe(1);
    expect(bestStep()).toBeUndefined();
  });

  it('is the most realistic where no face is found', () => {
    expect(bestStep(record(1, 0.3), record(2, 0.2))).toBe(2);
  });
});

it('an outcome says which refiner, why, and of how many', () => {
  const records = [record(1, 0.3, 0.2), record(2, 0.1, 0.6)];
  const [first, second] = records;
  expect(selectionOutcome(records, first, 9)).toEqual({
    ...{ step: 1, reason: 'realism', measured: first, candidates: 2, withinLimit: 1 },
  });
  expect(selectionOutcome([second], second, 9)).toMatchObject({ step: 2, reason: 'least-drift' });
  expect(selectionOutcome([], undefined, 9)).toEqual({
    ...{ step: 9, reason: 'unmeasured', candidates: 0, withinLimit: 0 },
  });
});
