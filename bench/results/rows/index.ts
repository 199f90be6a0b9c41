import { suggestion, UserError } from '../../../src/base/user-error.ts';
import { type GroupName, groups, type Row } from '../row.ts';
import { contestRows, stabilityRows, timeRows } from './contest-rows.ts';
import { lifelikeRows } from './lifelike-rows.ts';
import { renderRows } from './render-rows.ts';
import { simganRows } from './simgan-rows.ts';
import { stagnationRows } from './stagnation-rows.ts';

const byGroup: Readonly<Record<GroupName, readonly Row[]>> = {
  simgan: simganRows,
  stagnation: stagnationRows,
  contest: contestRows,
  lifelike: lifelikeRows,
  renders: renderRows,
  stability: stabilityRows,
  time: timeRows,
};

/** All rows of `docs/results.md`, group by group. */
export const rows: readonly Row[] = (Object.keys(groups) as GroupName[]).flatMap(
  (group) => byGroup[group],
);

/**
 * The rows that a name stands for: one, or those of a group as `group:simgan`.
 *
 * @throws {UserError} with the nearest name where there is none.
 */
export function rowsNamed(name: string): readonly Row[] {
  const found = rows.filter((row) => row.name === name || `group:${row.group}` === name);
  if (found.length > 0) return found;
  const names = [
    ...rows.map((row) => row.name),
    ...Object.keys(groups).map((group) => `group:${group}`),
  ];
  const remedy = suggestion(name, names) || ` Choose one of ${names.join(', ')}.`;
  throw new UserError(`Expected the name of a row, got "${name}".${remedy}`);
}
