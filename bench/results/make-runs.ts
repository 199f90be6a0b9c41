import { UserError } from '../../src/base/user-error.ts';
import { percent } from '../../src/evaluate/report/format.ts';
import { type ImageSets, makeImageSets } from './image-sets.ts';
import { minutesOf, nextRun } from './plan.ts';
import type { Request } from './request.ts';
import { type Row, type Run, renderChanges, runName } from './row.ts';
import { isComparable, type RowResult } from './row-result.ts';
import { addUsefulness, type EquippedWorkshop, makeRun, type Workshop } from './run-row.ts';
import { statusOf } from './status.ts';

type Wanted = Pick<Request, 'runs' | 'minutesLeft' | 'again' | 'usefulness'>;

/**
 * Makes the wanted runs that are missing, one after the other, as long as one fits into the time.
 * One that fails does not keep the others from being made.
 *
 * @returns The names of the runs made.
 * @throws {UserError} for photographs that cannot be used; else what a run failed with, when the
 *   others are made.
 */
export async function makeRuns(
  wanted: Wanted,
  results: ReadonlyMap<string, RowResult>,
  workshop: Workshop,
): Promise<readonly string[]> {
  const { context } = workshop;
  const setsOf = imageSetsOf(workshop);
  const began = performance.now();
  const minutesLeft = () => wanted.minutesLeft - (performance.now() - began) / 60_000;
  const { again, usefulness } = wanted;
  const minutes = (run: Run) =>
    minutesOf(run, { trains: again || !results.has(runName(run)), usefulness });
  let open = openRuns(wanted, results, workshop);
  const made: string[] = [];
  const failures: unknown[] = [];
  for (;;) {
    context.signal.throwIfAborted();
    const run = nextRun(open, minutesLeft(), minutes);
    if (run === undefined) break;
    // Images take minutes where a row has its own: what is left of the time is asked for once more.
    const equipped = { ...workshop, sets: await setsOf(run.row) };
    if (minutes(run) > minutesLeft()) continue;
    open = open.filter((other) => other !== run);
    const name = runName(run);
    context.log(`${name}: ${run.row.question} (${minutes(run)} minutes, ${open.length} more)`);
    try {
      context.log(`${name}: ${summary(await makeOne(run, wanted, results, equipped))}`);
      made.push(name);
    } catch (error) {
      context.signal.throwIfAborted();
      failures.push(error);
      context.log(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (open.length > 0) context.log(`${open.length} run(s) left: they do not fit into the time.`);
  if (failures.length === 0) return made;
  throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'Several runs failed.');
}

/** The images of rows; rows with the same renders share them. */
function imageSetsOf({ places, protocol, context }: Workshop): (row: Row) => Promise<ImageSets> {
  const made = new Map<string, ImageSets>();
  return async (row) => {
    const key = JSON.stringify(renderChanges(row));
    const sets = made.get(key) ?? (await makeImageSets(places, protocol, context, row));
    made.set(key, sets);
    return sets;
  };
}

/** Those that have to be made; what keeps the others from it is said. */
function openRuns(
  { runs, again, usefulness }: Wanted,
  results: ReadonlyMap<string, RowResult>,
  { protocol, context }: Workshop,
): readonly Run[] {
  return runs.filter((run) => {
    const status = statusOf(run, results, protocol.size);
    const name = runName(run);
    if (status.state === 'missing') return true;
    if (status.state === 'impossible') {
      context.log(`${name} cannot run yet. ${status.reason}`);
      return false;
    }
    if (again) return true;
    if (usefulness && !isComparable(status.result.usefulness, protocol.usefulness)) return true;
    const note = status.state === 'outdated' ? ` with other ${status.keys.join(', ')}` : '';
    context.log(`${name} is done${note}; --again makes it anew.`);
    return false;
  });
}

/** Makes a run, or only adds the usefulness to one that is finished. */
async function makeOne(
  run: Run,
  { again, usefulness }: Wanted,
  results: ReadonlyMap<string, RowResult>,
  workshop: EquippedWorkshop,
): Promise<RowResult> {
  const earlier = results.get(runName(run));
  if (earlier !== undefined && !again) {
    const added = await addUsefulness(run, earlier, workshop);
    if (added !== undefined) return added;
    throw new UserError(
      `Expected the refiner of ${runName(run)} in the work folder, got none. Make the run anew with --again.`,
    );
  }
  return makeRun(run, workshop, { usefulness });
}

function summary({ training, measures, collapse }: RowResult): string {
  const { iterations, iterationsPerSecond } = training;
  const trained = `${iterations} iterations at ${iterationsPerSecond} a second`;
  const collapsed = collapse === null ? '' : `, collapsed (${collapse})`;
  if (measures === null) return `${trained}${collapsed}`;
  const { gapClosed } = measures.kid;
  const gap = gapClosed === null ? 'no gap' : `${percent(gapClosed.value)} of the gap closed`;
  return `${trained}; ${gap}, ${percent(measures.accepted)} accepted${collapsed}`;
}
