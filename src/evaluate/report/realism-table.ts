import { neighbourMeasures } from '../realism/neighbour-realism.ts';
import { estimateCell, percent } from './format.ts';
import type { RealismEntry, ReportJson } from './report-json.ts';
import { type TableRow, table } from './table.ts';

/** Realism with 95 % intervals, as an HTML table. */
export function realismTable(report: ReportJson): string {
  const rows = [
    ...Object.entries(report.realism).map(([name, entry]) => realismRow(name, entry)),
    ...classifierRows(report),
    ...Object.entries(report.neighbours).flatMap(([name, { synthetic, refined }]) =>
      neighbourMeasures.map((measure) => ({
        name: `${measure}, ${name}`,
        cells: [synthetic, refined]
          .map((set) => estimateCell(set[measure].value, set[measure]))
          .concat('', ''),
        comparableWith:
          'Only with sets of these sizes in this space; intervals from random halves.',
      })),
    ),
  ];
  return table(['renders', 'refined', 'photographs', 'gap closed'], rows);
}

function classifierRows({ classifierTwoSample: test }: ReportJson): TableRow[] {
  if (test === null) return [];
  const sets = [test.synthetic, test.refined, test.real];
  return [
    {
      name: `accuracy of a small classifier, ${test.refined.images} images a side`,
      cells: sets.map((set) => estimateCell(set.accuracy, set)).concat(''),
      comparableWith: test.comparableWith,
    },
  ];
}

function realismRow(name: string, entry: RealismEntry): TableRow {
  const { synthetic, refined, real, gapClosed, gapClosedInterval: interval } = entry;
  const share =
    gapClosed === null || interval === null
      ? '–<small>no measurable gap</small>'
      : `${percent(gapClosed)}<small>${percent(interval.low)} … ${percent(interval.high)}</small>`;
  const cell = (estimate: typeof synthetic) => estimateCell(estimate.value, estimate);
  return {
    name,
    cells: [cell(synthetic), cell(refined), cell(real), share],
    comparableWith: entry.comparableWith,
  };
}
