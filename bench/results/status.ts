import { minutesOf } from './plan.ts';
import { obstacle, recipeDifferences, recipeOf, resolveRun } from './resolve-run.ts';
import { type Run, renderChanges, runName } from './row.ts';
import type { RowResult } from './row-result.ts';

/** How far a run is. */
export type RunStatus =
  | { readonly state: 'missing' }
  | { readonly state: 'done'; readonly result: RowResult }
  /** Finished, but its recipe is another by now. */
  | { readonly state: 'outdated'; readonly result: RowResult; readonly keys: readonly string[] }
  /** This version does not have what it needs. */
  | { readonly state: 'impossible'; readonly reason: string };

/** How far a run is, by the files of finished ones. */
export function statusOf(
  run: Run,
  results: ReadonlyMap<string, RowResult>,
  size: number,
): RunStatus {
  const result = results.get(runName(run));
  const reason = obstacle(run, size);
  if (result === undefined) {
    return reason === undefined ? { state: 'missing' } : { state: 'impossible', reason };
  }
  const keys = reason === undefined ? changedSince(run, result, size) : [];
  return keys.length === 0 ? { state: 'done', result } : { state: 'outdated', result, keys };
}

function changedSince(run: Run, result: RowResult, size: number): string[] {
  const minutes = run.row.minutes === result.minutes ? [] : ['minutes'];
  const renders = recipeDifferences(renderChanges(result), renderChanges(run.row)).map(
    (key) => `renders.${key}`,
  );
  const recipe = recipeDifferences(result.recipe, recipeOf(resolveRun(run, size).config));
  // Files of before 29 November do not hold this key.
  const known = recipe.filter((key) => key !== 'learningRate.after' || key in result.recipe);
  return [...minutes, ...renders, ...known];
}

/** A line of the list. */
function statusLine(run: Run, status: RunStatus): string {
  const name = runName(run).padEnd(36);
  switch (status.state) {
    case 'missing':
      return `${name} missing, ${run.row.minutes} minutes`;
    case 'impossible':
      return `${name} cannot run yet: needs ${run.row.needs ?? status.reason}`;
    case 'outdated':
      return `${name} done ${status.result.date}, outdated: other ${status.keys.join(', ')}`;
    case 'done':
      return `${name} done ${status.result.date}`;
  }
}

/** What `--list` shows: a line a run, and what is left to do. */
export function listOf(
  runs: readonly Run[],
  results: ReadonlyMap<string, RowResult>,
  size: number,
): string {
  const all = runs.map((run) => ({ run, status: statusOf(run, results, size) }));
  const missing = all.filter(({ status }) => status.state === 'missing');
  const minutes = missing.reduce((sum, { run }) => sum + minutesOf(run), 0);
  const done = all.filter(({ status }) => 'result' in status).length;
  return [
    ...all.map(({ run, status }) => statusLine(run, status)),
    `${done} of ${all.length} are done; the ${missing.length} missing ones take about ${(minutes / 60).toFixed(1)} hours.`,
  ].join('\n');
}
