import { estimateCell, percent, significant } from './format.ts';
import type { RealismEntry, ReportJson } from './report-json.ts';
import { type TableRow, table } from './table.ts';

/** Realism with 95 % intervals, as an HTML table. */
export function realismTable(report: ReportJson): string {
  const rows = [
    ...Object.entries(report.realism).map(([name, entry]) => realismRow(name, entry)),
    ...Object.entries(report.twoSample).map(([name, { synthetic, refined, real }]) => ({
      name: `classifier accuracy, ${name}`,
      cells: [synthetic, refined, real].map((set) => estimateCell(set.accuracy, set)).concat(''),
      comparableWith: '0.5 cannot be told from photographs, 1 always can; this space only.',
    })),
    ...Object.entries(report.neighbours).flatMap(([name, { synthetic, refined }]) =>
      (['precision', 'recall', 'density', 'coverage'] as const).map((measure) => ({
        name: `${measure}, ${name}`,
        cells: [significant(synthetic[measure]), significant(refined[measure]), '', ''],
        comparableWith: 'Only with sets of these sizes in this space.',
      })),
    ),
  ];
  return table(['renders', 'refined', 'photographs', 'gap closed'], rows);
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
