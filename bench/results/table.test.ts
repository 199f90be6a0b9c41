import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { landmarkTaskVersion } from '../../src/evaluate/tasks/landmark-task.ts';
import { standardProtocol } from './protocol.ts';
import type { Run } from './row.ts';
import { type RowResult, readRowResults } from './row-result.ts';
import { rows } from './rows/index.ts';
import { beginMarker, endMarker, tablesOf, withTables } from './table.ts';
import { madeUpMeasures, madeUpResult } from './testing/made-up-result.ts';

const named = (name: string) => rows.find((row) => row.name === name)!;
const colour = (name: string, seed: number): Run => ({ row: named(name), channels: 3, seed });

/** The cells of a line of a table, by column title. */
function cellsOf(text: string, start: string): Record<string, string> {
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith(start));
  const title = lines.slice(0, at).findLast((line) => line.startsWith('| row'))!;
  return Object.fromEntries(cells(title).map((name, i) => [name, cells(lines[at])[i]]));
}

const two: readonly RowResult[] = [
  madeUpResult(colour('base', 2), { measures: madeUpMeasures(0.5) }),
  madeUpResult(colour('base', 1), { measures: madeUpMeasures(0.3) }),
];

it('the tables of docs/results.md are those of the stored rows', async () => {
  const document = await readFile('docs/results.md', 'utf8');
  const [begin, end] = [beginMarker, endMarker].map((marker) => document.indexOf(marker));
  const results = await readRowResults('docs/results/rows');
  const written = document.slice(begin + beginMarker.length, end).trim();
  expect(written).toBe(tablesOf(rows, [...results.values()]).trim());
});

describe('tablesOf', () => {
  it('has a line a run, seeds in order, colour before grey', () => {
    const grey = madeUpResult({ row: named('base'), channels: 1, seed: 1 });
    const text = tablesOf(rows, [grey, ...two]);
    expect(cellsOf(text, '| [base, colour]')).toEqual({
      row: '[base, colour](results/sheets/base.jpg)',
      seed: '1',
      'iterations (a second)': '400 (1.2)',
      threads: '2',
      '**gap closed**': '**30 % (20 … 40)**',
      'kid × 1000': '8 → 5.6',
      'by fd': '30 % (20 … 40)',
      'drift (floor), px': '0.36 (0.37)',
      identity: '0.97',
      'accepted / rejected / unverifiable': '90 % / 8 % / 2 %',
      'complexion, °': '3',
      stagnation: 'none',
      collapsed: 'no',
    });
    const seeds = text.split('\n').flatMap((line) => {
      const [, name, seed] = line.split('|').map((cell) => cell.trim());
      return name?.startsWith('[base') ? [`${name.slice(0, 10)} ${seed}`] : [];
    });
    expect(seeds).toEqual(['[base, col 1', '[base, col 2', '[base, gre 1']);
    expect(cellsOf(text, '| [base, grey]').row).toContain('base-grey.jpg');
  });

  it('pads the cells of a column to its widest', () => {
    const lines = tablesOf(rows, two)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(lines).toHaveLength(4);
    const edges = (line: string) => [...line.matchAll(/\|/g)].map(({ index }) => index);
    for (const line of lines) expect(edges(line)).toEqual(edges(lines[0]));
  });

  it('says which runs are missing', () => {
    const text = tablesOf(rows, two);
    const simgan = text.split('\n').find((line) => line.startsWith('- SimGAN on faces'));
    expect(simgan).toMatch(/: base-1-1, l2-3-1, /);
    expect(simgan).not.toContain('base-3-');
  });

  it('says which renders a row draws', () => {
    const run = colour('lifelike-blue-cloth', 1);
    expect(tablesOf(rows, [madeUpResult(run)])).toContain('renders with `background.bokeh=0`');
  });

  it('shows a diverged run without numbers or sheet', () => {
    const run = colour('cyclegan-log', 1);
    const diverged = madeUpResult(run, { measures: null, collapse: 'diverged' });
    expect(cellsOf(tablesOf(rows, [diverged]), '| cyclegan-log')).toMatchObject({
      row: 'cyclegan-log, colour',
      collapsed: 'diverged',
      '**gap closed**': '**–**',
      identity: '–',
    });
    // The sheet is that of the first seed.
    const second = madeUpResult(colour('cyclegan-log', 2));
    expect(tablesOf(rows, [diverged, second])).not.toContain('cyclegan-log.jpg');
    expect(tablesOf(rows, [madeUpResult(run), second]).match(/cyclegan-log\.jpg/g)).toHaveLength(2);
  });

  it('leaves out groups without runs and says where images differ', () => {
    const text = tablesOf(rows, two);
    expect(text).not.toContain('### How often CycleGAN collapses');
    expect(text).not.toContain('Not all runs have the same images');
    const other = madeUpResult(colour('l2', 1), { data: 'def' });
    expect(tablesOf(rows, [...two, other])).toMatch(/Most have abc; others: l2-3-1 \(def\)/);
    expect(tablesOf(rows, [])).toBe('No row is finished yet.\n');
  });

  it('has a column for the usefulness where it was measured', () => {
    expect(tablesOf(rows, two)).not.toContain('landmark error');
    const usefulness = {
      ...{ task: 'landmarks', measure: 'error', version: landmarkTaskVersion },
      ...standardProtocol.usefulness,
      ...{ arms: [], blind: 0.09, improvement: { value: 0.12, low: 0.1, high: 0.2 } },
      adapted: { arms: [], improvement: { value: 0.05, low: 0, high: 0.1 } },
    };
    const title = 'landmark error below renders (/ after label adaptation)';
    const cell = (found: RowResult['usefulness']) =>
      cellsOf(tablesOf(rows, [madeUpResult(colour('base', 1), { usefulness: found })]), '| [base')[
        title
      ];
    expect(cell(usefulness)).toBe('12 % / 5 %');
    // Another task, or another budget, does not compare.
    expect(cell({ ...usefulness, version: landmarkTaskVersion - 1 })).toBe('–');
    expect(cell({ ...usefulness, steps: usefulness.steps + 1 })).toBe('–');
    expect(cell({ ...usefulness, seeds: usefulness.seeds + 1 })).toBe('–');
  });
});

describe('withTables', () => {
  const document = `# Title\n\n${beginMarker}\nold\n${endMarker}\n\nRest.\n`;

  it('replaces what is between the markers and nothing else', () => {
    const written = withTables(document, 'new\n', 'results.md');
    expect(written).toBe(`# Title\n\n${beginMarker}\n\nnew\n\n${endMarker}\n\nRest.\n`);
    expect(withTables(written, 'new\n', 'results.md')).toBe(written);
  });

  it('refuses a document without them, or with two', () => {
    for (const wrong of ['# Title\n', `${endMarker}\n${beginMarker}\n`, document + document]) {
      expect(() => withTables(wrong, 'new', 'results.md')).toThrow(UserError);
    }
  });
});
