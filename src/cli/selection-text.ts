import type { SelectionOutcome, SelectionRecord } from '../train/selection-record.ts';

const number = (value: number) => String(Number(value.toPrecision(3)));

/** What was measured of a refiner, as a phrase. */
function measuresText(record: SelectionRecord): string {
  const { realism, realismOfRenders, drift, driftLimit } = record;
  const distance = `distance to the photographs ${number(realism)} (renders ${number(realismOfRenders)})`;
  if (drift === undefined || driftLimit === undefined) return distance;
  return `${distance}, landmark drift ${number(drift)} of at most ${number(driftLimit)} pixels`;
}

/** A log line on a measurement during training. */
export function selectionLine(record: SelectionRecord, isBest: boolean): string {
  const best = isBest ? '; the best so far' : '';
  return `Iteration ${record.step}: ${measuresText(record)}${best}`;
}

/** Which refiner of a run a file holds. */
export function selectedText(record: SelectionRecord): string {
  return `The refiner of iteration ${record.step}, which the run selected: ${measuresText(record)}.`;
}

/** Which refiner is exported, and why. */
export function selectionText(selection: SelectionOutcome): string {
  const { step, reason, measured, candidates } = selection;
  if (measured === undefined || reason === 'unmeasured') {
    return 'No refiner was measured yet: the last one is exported.';
  }
  const which = `The refiner of iteration ${step} is exported, `;
  return reason === 'realism'
    ? `${which}the most realistic of ${candidates} measured: ${measuresText(measured)}.`
    : `No refiner kept the landmarks within the limit. ${which}which moves them least of ${candidates} measured: ${measuresText(measured)}. Raise regularization.weight, or allow more with selection.driftLimit.`;
}
