import { UserError } from '../../src/base/user-error.ts';
import { percent, significant } from '../../src/evaluate/report/format.ts';
import {
  type Channels,
  type GroupName,
  groups,
  nameOfRun,
  type Row,
  renderChanges,
} from './row.ts';
import type { Distances, RowResult } from './row-result.ts';
import { sheetName } from './sheet.ts';

/** The tables stand between these lines of `docs/results.md`. */
export const [beginMarker, endMarker] = [
  '<!-- results: begin -->',
  '<!-- results: end -->',
] as const;

/** The finished runs of a row in one form, by seed. */
interface Line {
  readonly row: Row;
  readonly channels: Channels;
  readonly results: readonly RowResult[];
}

const none = '–';

/** The values that are there, written each; a dash without any. */
function each(
  results: readonly RowResult[],
  of: (result: RowResult) => string | number | null | undefined,
): string {
  const values = results.map(of).filter((value) => value !== null && value !== undefined);
  if (values.length === 0) return none;
  return values.map((value) => (typeof value === 'number' ? significant(value) : value)).join(', ');
}

/** The mean over seeds, within the lowest and highest end of their intervals. */
function gap(results: readonly RowResult[], of: 'kid' | 'fd'): string {
  const shares = results.flatMap(({ measures }) => measures?.[of].gapClosed ?? []);
  if (shares.length === 0) return results.some(({ measures }) => measures) ? 'no gap' : none;
  const mean = shares.reduce((sum, { value }) => sum + value, 0) / shares.length;
  const low = Math.min(...shares.map((share) => share.low));
  const high = Math.max(...shares.map((share) => share.high));
  const whole = (share: number) => percent(share).replace(/ %$/, '');
  return `**${percent(mean)}** (${whole(low)} … ${whole(high)})`;
}

function distance({ renders, refined, photographs }: Distances): string {
  const thousandths = (value: number) => significant(1000 * value);
  return `${thousandths(renders.value)} → ${thousandths(refined.value)} (${thousandths(photographs.value)})`;
}

interface Column {
  readonly title: string;
  readonly cell: (line: Line) => string;
}

const columns: readonly Column[] = [
  { title: 'row', cell: ({ row, channels, results }) => nameCell(row, channels, results) },
  { title: 'seeds', cell: ({ results }) => each(results, ({ seed }) => String(seed)) },
  {
    title: 'iterations (a second)',
    cell: ({ results }) => each(results, ({ training }) => iterationsOf(training)),
  },
  {
    title: 'threads / cores taken by others',
    cell: ({ results }) =>
      each(results, ({ threads, machine }) => `${threads} / ${machine.otherCores.toFixed(1)}`),
  },
  { title: 'gap closed, kid', cell: ({ results }) => gap(results, 'kid') },
  { title: 'gap closed, fd', cell: ({ results }) => gap(results, 'fd') },
  {
    title: 'kid × 1000',
    cell: ({ results }) => each(results, ({ measures }) => measures && distance(measures.kid)),
  },
  {
    title: 'told apart',
    cell: ({ results }) =>
      each(results, ({ measures }) => measures?.twoSample && percent(measures.twoSample.refined)),
  },
  {
    title: 'drift (floor), px',
    cell: ({ results }) => each(results, ({ measures }) => measures && driftOf(measures)),
  },
  {
    title: 'identity',
    cell: ({ results }) => each(results, ({ measures }) => measures?.identityCosine),
  },
  {
    title: 'accepted / rejected / unverifiable',
    cell: ({ results }) =>
      each(results, ({ measures }) =>
        measures === null
          ? null
          : [measures.accepted, measures.rejected, measures.unverifiable].map(percent).join(' / '),
      ),
  },
  {
    title: 'complexion, °',
    cell: ({ results }) => each(results, (r) => r.measures?.complexionShiftDegrees.mean),
  },
  {
    title: 'change of 255',
    cell: ({ results }) =>
      each(results, ({ measures }) => measures && 127.5 * measures.meanAbsoluteChange),
  },
  {
    title: 'discriminator right on photographs / refined',
    cell: ({ results }) => each(results, ({ training: { end } }) => rightOn(end)),
  },
  {
    title: 'stagnation',
    cell: ({ results }) => each(results, (r) => String(r.training.stagnation ?? 'none')),
  },
  {
    title: 'collapsed',
    cell: ({ results }) => {
      const collapsed = results.flatMap(({ collapse }) => collapse ?? []);
      const kinds = collapsed.length === 0 ? '' : ` (${[...new Set(collapsed)].join(', ')})`;
      return `${collapsed.length} of ${results.length}${kinds}`;
    },
  },
];

const usefulnessColumn: Column = {
  title: 'landmark error below renders (/ after label adaptation)',
  cell: ({ results }) =>
    each(
      results,
      ({ usefulness: found }) =>
        found &&
        `${[found, ...(found.adapted ? [found.adapted] : [])]
          .map(({ improvement }) => percent(improvement.value))
          .join(' / ')} (${found.steps} steps)`,
    ),
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

function rightOn({ accuracyReal, accuracyRefined }: RowResult['training']['end']) {
  if (accuracyReal === undefined || accuracyRefined === undefined) return null;
  return [accuracyReal, accuracyRefined].map(percent).join(' / ');
}

function nameCell(row: Row, channels: Channels, results: readonly RowResult[]): string {
  const form = channels === 3 ? 'colour' : 'grey';
  // A diverged run has no images to show.
  const shown = results.some(({ seed, measures }) => seed === row.seeds[0] && measures !== null);
  const sheet = sheetName({ row, channels, seed: row.seeds[0] });
  return shown ? `[${row.name}, ${form}](results/sheets/${sheet})` : `${row.name}, ${form}`;
}

function linesOf(row: Row, results: readonly RowResult[]): Line[] {
  return row.channels.flatMap((channels) => {
    const own = results
      .filter((result) => result.row === row.name && result.channels === channels)
      .toSorted((a, b) => a.seed - b.seed);
    return own.length === 0 ? [] : [{ row, channels, results: own }];
  });
}

function groupSection(group: GroupName, rows: readonly Row[], results: readonly RowResult[]) {
  const own = rows.filter((row) => row.group === group);
  const lines = own.flatMap((row) => linesOf(row, results));
  if (lines.length === 0) return [];
  const isUsed = lines.some((line) => line.results.some(({ usefulness }) => usefulness));
  const used = isUsed ? [...columns, usefulnessColumn] : columns;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
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
    line(used.map(({ title }) => title)),
    line(used.map(() => '---')),
    ...lines.map((each) => line(used.map(({ cell }) => cell(each)))),
    '',
  ];
}

function changesOf(row: Row): string {
  const { preset, set, name } = row;
  const code = (text: string) => `\`${text}\``;
  const from = preset === name ? [] : [`preset ${code(preset)}`];
  const scenes = Object.entries(renderChanges(row)).map(([key, value]) => code(`${key}=${value}`));
  const drawn = scenes.length === 0 ? [] : [`renders with ${scenes.join(', ')}`];
  const what = [...from, ...set.map(code), ...drawn];
  return what.length === 0 ? '' : ` (${what.join(', ')})`;
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

/** The tables of all finished runs, as Markdown. */
export function tablesOf(rows: readonly Row[], results: readonly RowResult[]): string {
  const known = results.filter((result) => rows.some((row) => row.name === result.row));
  if (known.length === 0) return 'No row is finished yet.\n';
  const sections = (Object.keys(groups) as GroupName[]).flatMap((group) =>
    groupSection(group, rows, known),
  );
  return [...circumstances(known), ...sections].join('\n');
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
