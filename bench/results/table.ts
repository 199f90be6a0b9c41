import { UserError } from '../../src/base/user-error.ts';
import { percent, significant } from '../../src/evaluate/report/format.ts';
import { runsOf } from './plan.ts';
import { standardProtocol } from './protocol.ts';
import { type GroupName, groups, nameOfRun, type Row, renderChanges, runName } from './row.ts';
import { type Distances, isComparable, type RowResult } from './row-result.ts';
import { sheetName } from './sheet.ts';

/** The tables stand between these lines of `docs/results.md`. */
export const [beginMarker, endMarker] = [
  '<!-- results: begin -->',
  '<!-- results: end -->',
] as const;

const none = '–';

/** A finished run with its row. */
interface Line {
  readonly row: Row;
  readonly result: RowResult;
  /** Whether there is a sheet of the row in this form. */
  readonly isDrawn: boolean;
}

function gap(measures: RowResult['measures'], of: 'kid' | 'fd'): string {
  if (measures === null) return none;
  const share = measures[of].gapClosed;
  if (share === null) return 'no gap';
  const whole = (value: number) => percent(value).replace(/ %$/, '');
  return `${percent(share.value)} (${whole(share.low)} … ${whole(share.high)})`;
}

function distance({ renders, refined }: Distances): string {
  const thousandths = (value: number) => significant(1000 * value);
  return `${thousandths(renders.value)} → ${thousandths(refined.value)}`;
}

interface Column {
  readonly title: string;
  readonly cell: (line: Line) => string | number | null | undefined;
}

const columns: readonly Column[] = [
  { title: 'row', cell: nameCell },
  { title: 'seed', cell: ({ result }) => String(result.seed) },
  { title: 'iterations (a second)', cell: ({ result }) => iterationsOf(result.training) },
  { title: 'threads', cell: ({ result }) => String(result.threads) },
  { title: '**gap closed**', cell: ({ result }) => `**${gap(result.measures, 'kid')}**` },
  { title: 'kid × 1000', cell: ({ result: { measures } }) => measures && distance(measures.kid) },
  { title: 'by fd', cell: ({ result }) => gap(result.measures, 'fd') },
  { title: 'drift (floor), px', cell: ({ result: { measures } }) => measures && driftOf(measures) },
  { title: 'identity', cell: ({ result }) => result.measures?.identityCosine },
  {
    title: 'accepted / rejected / unverifiable',
    cell: ({ result: { measures } }) =>
      measures &&
      [measures.accepted, measures.rejected, measures.unverifiable].map(percent).join(' / '),
  },
  { title: 'complexion, °', cell: ({ result }) => result.measures?.complexionShiftDegrees.mean },
  { title: 'stagnation', cell: ({ result }) => String(result.training.stagnation ?? 'none') },
  { title: 'collapsed', cell: ({ result }) => result.collapse ?? 'no' },
];

const usefulnessColumn: Column = {
  title: 'landmark error below renders (/ after label adaptation)',
  cell: ({ result: { usefulness: found } }) =>
    isComparable(found, standardProtocol.usefulness)
      ? [found, found.adapted].map(({ improvement }) => percent(improvement.value)).join(' / ')
      : null,
};

function driftOf({
  landmarkDriftPixels: { mean, noiseFloor },
}: NonNullable<RowResult['measures']>) {
  return mean === null ? null : `${significant(mean)} (${significant(noiseFloor)})`;
}

function iterationsOf(training: RowResult['training']): string {
  const { iterations, exported, iterationsPerSecond } = training;
  const selected = exported === iterations ? '' : `, of ${exported} the refiner`;
  return `${iterations} (${significant(iterationsPerSecond, 2)})${selected}`;
}

function nameCell({ row, result: { channels }, isDrawn }: Line): string {
  const name = `${row.name}, ${channels === 3 ? 'colour' : 'grey'}`;
  if (!isDrawn) return name;
  return `[${name}](results/sheets/${sheetName({ row, channels, seed: row.seeds[0] })})`;
}

/** Colour first, seeds in order. */
function linesOf(row: Row, results: readonly RowResult[]): Line[] {
  const own = results.filter((result) => result.row === row.name);
  // The first seed is drawn, unless it diverged.
  const drawn = own.filter(({ seed, measures }) => seed === row.seeds[0] && measures !== null);
  return own
    .toSorted((a, b) => b.channels - a.channels || a.seed - b.seed)
    .map((result) => ({
      row,
      result,
      isDrawn: drawn.some(({ channels }) => channels === result.channels),
    }));
}

function textOf(value: string | number | null | undefined): string {
  return typeof value === 'number' ? significant(value) : (value ?? none);
}

/** The lines of a table whose columns are as wide as their widest cell, as the formatter has them. */
function markdownTable(titles: readonly string[], body: readonly (readonly string[])[]): string[] {
  const widths = titles.map((_, i) =>
    Math.max(...[titles, ...body].map((cells) => cells[i].length)),
  );
  const line = (cells: readonly string[], fill: string) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i], fill)).join(' | ')} |`;
  const rule = titles.map(() => '');
  return [line(titles, ' '), line(rule, '-'), ...body.map((cells) => line(cells, ' '))];
}

function groupSection(group: GroupName, rows: readonly Row[], results: readonly RowResult[]) {
  const own = rows.filter((row) => row.group === group);
  const lines = own.flatMap((row) => linesOf(row, results));
  if (lines.length === 0) return [];
  const isUsed = lines.some(({ result }) => result.usefulness !== null);
  const used = isUsed ? [...columns, usefulnessColumn] : columns;
  const minutes = [...new Set(own.map((row) => row.minutes))].join(' or ');
  const questions = own
    .filter((row) => lines.some((each) => each.row === row))
    .map((row) => `- \`${row.name}\`${changesOf(row)}: ${row.question}`);
  return [
    `### ${groups[group]}`,
    '',
    `${minutes} minutes a run.`,
    '',
    ...questions,
    '',
    ...markdownTable(
      used.map(({ title }) => title),
      lines.map((each) => used.map(({ cell }) => textOf(cell(each)))),
    ),
    '',
  ];
}

function changesOf(row: Row): string {
  const { preset, set, name } = row;
  const code = (text: string) => `\`${text}\``;
  const from = preset === name ? [] : [`preset ${code(preset)}`];
  const scenes = Object.entries(renderChanges(row)).map(([key, value]) => code(`${key}=${value}`));
  const drawn = scenes.length === 0 ? [] : [`renders with ${shortened(scenes)}`];
  const what = [...from, ...set.map(code), ...drawn];
  return what.length === 0 ? '' : ` (${what.join(', ')})`;
}

/** The first of many: all are in the row's file. */
function shortened(texts: readonly string[]): string {
  const most = 12;
  if (texts.length <= most) return texts.join(', ');
  return `${texts.slice(0, most).join(', ')} and ${texts.length - most} more keys`;
}

/** Which rows have other images than most. */
function dataNote(results: readonly RowResult[], hashes: readonly string[]): string[] {
  const byHash = hashes
    .map((hash) => ({ hash, own: results.filter(({ data }) => data === hash) }))
    .toSorted((a, b) => b.own.length - a.own.length);
  const others = byHash.slice(1).map(({ hash, own }) => {
    return `${own.map(nameOfRun).sort().join(', ')} (${hash})`;
  });
  return [
    `**Not all runs have the same images.** Most have ${byHash[0].hash}; others: ${others.join('; ')}. Compare only runs with the same.`,
  ];
}

/** What a reader has to know of the runs together. */
function circumstances(results: readonly RowResult[]): string[] {
  const distinct = (of: (result: RowResult) => string) => [...new Set(results.map(of))].sort();
  const dates = distinct(({ date }) => date.slice(0, 10));
  const data = distinct((result) => result.data);
  const [{ machine, images }] = results;
  const range = dates.length === 1 ? dates[0] : `${dates[0]} to ${dates[dates.length - 1]}`;
  return [
    `${results.length} runs of ${range} on ${machine.cores} cores. Trained on ${images.renders} renders and ${images.photographs} photographs; measured on ${images.evaluatedRenders} other renders and ${images.heldOutPhotographs} photographs of other people. Where others took cores, a run is slower than it could be.`,
    ...(data.length === 1 ? [] : ['', ...dataNote(results, data)]),
    '',
  ];
}

/** The runs that are still to be made, by group. */
function missingNote(rows: readonly Row[], results: readonly RowResult[]): string[] {
  const made = new Set(results.map(nameOfRun));
  const open = rows.flatMap(runsOf).filter((run) => !made.has(runName(run)));
  if (open.length === 0) return [];
  const byGroup = (Object.keys(groups) as GroupName[]).flatMap((group) => {
    const names = open.filter(({ row }) => row.group === group).map(runName);
    return names.length === 0 ? [] : [`- ${groups[group]}: ${names.join(', ')}`];
  });
  return ['### Not made yet', '', 'Row, channels and seed.', '', ...byGroup, ''];
}

/** The tables of all finished runs, as Markdown, and which are missing. */
export function tablesOf(rows: readonly Row[], results: readonly RowResult[]): string {
  const known = results.filter((result) => rows.some((row) => row.name === result.row));
  if (known.length === 0) return 'No row is finished yet.\n';
  const sections = (Object.keys(groups) as GroupName[]).flatMap((group) =>
    groupSection(group, rows, known),
  );
  return [...circumstances(known), ...sections, ...missingNote(rows, known)].join('\n');
}

/**
 * A document with the text between its markers replaced.
 *
 * @throws {UserError} where it does not have both markers once, in their order.
 */
export function withTables(document: string, tables: string, path: string): string {
  const [before, rest, ...more] = document.split(beginMarker);
  const [, after, ...others] = (rest ?? '').split(endMarker);
  if (after === undefined || more.length > 0 || others.length > 0) {
    throw new UserError(
      `Expected the line "${beginMarker}" and below it "${endMarker}" once each in ${path}, got something else. Put them where the tables belong.`,
    );
  }
  return `${before}${beginMarker}\n\n${tables.trimEnd()}\n\n${endMarker}${after}`;
}
