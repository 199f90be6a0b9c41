import { z } from 'zod';

const distance = z.number().min(0);

/** What was measured of the refiner of an iteration: a line of `selection.jsonl`. */
export const selectionRecordSchema = z.strictObject({
  /** Adversarial iterations that the refiner has had. */
  step: z.int().min(1),
  /** Kernel distance to the photographs, of the refined renders and of the renders as they are. */
  realism: z.number(),
  realismOfRenders: z.number(),
  /** Mean movement of the landmarks, what is found without any, and what is allowed: pixels. */
  drift: distance.optional(),
  noiseFloor: distance.optional(),
  driftLimit: distance.optional(),
  seconds: distance,
});

export type SelectionRecord = z.output<typeof selectionRecordSchema>;

/**
 * Whether a measurement is one of those every so many iterations: that of an earlier end is one
 * that a run without interruption would not have made.
 */
export function isRegular({ step }: Pick<SelectionRecord, 'step'>, every: number): boolean {
  return step % every === 0;
}

/** Whether labels hold as far as can be measured; without a face there is nothing to measure. */
function isWithinLimit({ drift, driftLimit }: SelectionRecord): boolean {
  return drift === undefined || driftLimit === undefined || drift <= driftLimit;
}

/**
 * The best of the refiners: the most realistic one within the drift limit, and where none is within
 * it the one that drifts least. Of equals the first.
 */
export function bestRecord(records: readonly SelectionRecord[]): SelectionRecord | undefined {
  return records.reduce<SelectionRecord | undefined>(
    (best, record) => (best === undefined || isBetter(record, best) ? record : best),
    undefined,
  );
}

function isBetter(record: SelectionRecord, than: SelectionRecord): boolean {
  const [here, there] = [isWithinLimit(record), isWithinLimit(than)];
  if (here !== there) return here;
  return here ? record.realism < than.realism : (record.drift ?? 0) < (than.drift ?? 0);
}

/** Which refiner `refiner.onnx` holds, and why: part of `run.json`. */
export type SelectionOutcome = {
  /** Adversarial iterations that the exported refiner has had. */
  readonly step: number;
  /**
   * `realism`: the most realistic within the drift limit; `least-drift`: none was within it;
   * `unmeasured`: the run ended before the first measurement, this is the last refiner.
   */
  readonly reason: 'realism' | 'least-drift' | 'unmeasured';
  /** Of the exported refiner, below the run's folder. */
  readonly file?: string;
  readonly measured?: SelectionRecord;
  /** Refiners that were measured, and those of them within the drift limit. */
  readonly candidates: number;
  readonly withinLimit: number;
};

/**
 * What is selected among the records; `last` is the step of the refiner that training ended with.
 */
export function selectionOutcome(
  records: readonly SelectionRecord[],
  best: SelectionRecord | undefined,
  last: number,
): Omit<SelectionOutcome, 'file'> {
  const counts = {
    candidates: records.length,
    withinLimit: records.filter(isWithinLimit).length,
  };
  if (best === undefined) return { step: last, reason: 'unmeasured', ...counts };
  const reason = isWithinLimit(best) ? 'realism' : 'least-drift';
  return { step: best.step, reason, measured: best, ...counts };
}
