import { groups, type Row, type Run } from './row.ts';

/** The runs of a row: its seeds in colour, the first of them in grey. */
export function runsOf(row: Row): readonly Run[] {
  return row.channels.flatMap((channels) => {
    const seeds = channels === 3 ? row.seeds : row.seeds.slice(0, 1);
    return seeds.map((seed) => ({ row, channels, seed }));
  });
}

/** First colour, then grey, then the other seeds in colour: a question has an answer early. */
function roundOf({ row, channels, seed }: Run): number {
  return channels === 1 ? 1 : row.seeds.indexOf(seed) === 0 ? 0 : 2;
}

/** Runs in the order in which they tell most: round by round, group by group, as the rows stand. */
export function inSensibleOrder(runs: readonly Run[]): readonly Run[] {
  const names = Object.keys(groups);
  // What takes two hours waits until everything else is there.
  const lateness = (run: Run) => (run.row.minutes >= 60 ? 3 : roundOf(run));
  const group = (run: Run) => names.indexOf(run.row.group);
  return runs.toSorted((a, b) => lateness(a) - lateness(b) || group(a) - group(b));
}

/** Minutes for refining, measuring and drawing after a training. */
const minutesAfterTraining = 3;

/** Minutes of the networks that measure usefulness, on two cores. */
const minutesOfUsefulness = 20;

/** What is to be done for a run: a finished one may only be measured further. */
export interface Work {
  readonly trains: boolean;
  readonly usefulness: boolean;
}

/** How long a run will take in all, in minutes. */
export function minutesOf(
  { row }: Run,
  { trains, usefulness }: Work = { trains: true, usefulness: false },
): number {
  return (trains ? row.minutes + minutesAfterTraining : 0) + (usefulness ? minutesOfUsefulness : 0);
}

/** The first run that fits into the minutes that are left. */
export function nextRun(
  runs: readonly Run[],
  minutesLeft: number,
  minutes: (run: Run) => number = (run) => minutesOf(run),
): Run | undefined {
  return runs.find((run) => minutes(run) <= minutesLeft);
}
