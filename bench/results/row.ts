import { dottedLeaves } from '../../src/base/plain-tree.ts';
import type { RenderConfigInput } from '../../src/render/scene/config.ts';

/** 3: colour, 1: grey. */
export type Channels = 1 | 3;

/** The tables of `docs/results.md`, in their order there, which is also the order of `--all`. */
export const groups = {
  simgan: 'SimGAN on faces: the findings of the sources',
  stagnation: 'Why the refiner of SimGAN stagnates: one change a row, one hypothesis a change',
  contest: 'The methods against each other',
  lifelike: 'What each part of lifelike contributes',
  renders: 'Renders drawn like the photographs',
  stability: 'How often CycleGAN collapses',
  time: 'How much time matters',
} as const;

export type GroupName = keyof typeof groups;

/** A question that training runs with the same budget answer; one line of a table. */
export interface Row {
  /** Part of file names. */
  readonly name: string;
  readonly group: GroupName;
  /** What the row is to find out, or the hypothesis that it tests. */
  readonly question: string;
  readonly preset: string;
  /** Changes of the preset, as `--set` of `lifelike train` takes them. */
  readonly set: readonly string[];
  /**
   * What its renders are drawn from where not from the defaults, as `lifelike render --config`
   * takes it.
   */
  readonly renders?: RenderConfigInput;
  /** Wall-clock time of a training, compilation and pre-training included. */
  readonly minutes: number;
  readonly channels: readonly Channels[];
  /** Seeds in colour; grey has the first of them. */
  readonly seeds: readonly number[];
  /** The key or preset without which the row cannot run, where not every version has it. */
  readonly needs?: string;
}

/** One training of a row. */
export interface Run {
  readonly row: Row;
  readonly channels: Channels;
  readonly seed: number;
}

/**
 * What a row's renders are drawn from where not from the defaults, by dotted key and in the order
 * of the keys, so that equal changes are equal however they are written.
 */
export function renderChanges({ renders = {} }: { readonly renders?: object | undefined }) {
  return Object.fromEntries(dottedLeaves(renders).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** `base-3-1`: row, channels, seed. */
export function runName({ row, channels, seed }: Run): string {
  return nameOfRun({ row: row.name, channels, seed });
}

/** The same of what its file holds. */
export function nameOfRun({
  row,
  channels,
  seed,
}: Omit<Run, 'row'> & { readonly row: string }): string {
  return `${row}-${channels}-${seed}`;
}

/** What all rows of a group share, so that a row says only what is its own. */
export function rowsOf(
  shared: Omit<Row, 'name' | 'question' | 'set' | 'seeds'> & { readonly seeds?: Row['seeds'] },
): (own: Pick<Row, 'name' | 'question'> & Partial<Row>) => Row {
  return (own) => ({ set: [], seeds: [1, 2], ...shared, ...own });
}
