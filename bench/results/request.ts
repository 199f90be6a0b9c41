import { parseArgs } from 'node:util';
import { nearest, UserError } from '../../src/base/user-error.ts';
import { inSensibleOrder, runsOf } from './plan.ts';
import type { Channels, Row, Run } from './row.ts';
import { rows as allRows, rowsNamed } from './rows/index.ts';

const options = {
  seed: { type: 'string', multiple: true },
  channels: { type: 'string' },
  all: { type: 'boolean' },
  'minutes-left': { type: 'string' },
  list: { type: 'boolean' },
  table: { type: 'boolean' },
  again: { type: 'boolean' },
  usefulness: { type: 'boolean' },
  threads: { type: 'string' },
  work: { type: 'string' },
  photographs: { type: 'string' },
  portraits: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const helpText = `npm run results -- ROW… [--seed N]… [--channels 1|3]   makes the runs of rows that are missing
npm run results -- group:NAME                         those of a group: simgan, stagnation, contest, …
npm run results -- --all [--minutes-left N]           all that are missing, until the time is over
npm run results -- --list                             what is done and what is missing
npm run results -- --table                            writes the tables of docs/results.md

  --again            makes a finished run anew
  --usefulness       also trains a landmark network on the refined renders (long)
  --threads N        of the training (default: one a core); 1 for two runners side by side
  --work DIR         renders, photographs and runs (default: results in the cache folder of lifelike)
  --photographs DIR  portraits (default: us-congress-2015/images in $LIFELIKE_DATA)
  --portraits DIR    labelled portraits (default: canada-landmarks in $LIFELIKE_DATA)

A run takes its minutes of training (most 6 or 20) and about three more, --usefulness some 20 on two cores. Its result is a file in
docs/results/rows. Ctrl-C ends it; what is not finished begins anew.`;

/** What a command line asks for. */
export interface Request {
  readonly task: 'run' | 'list' | 'table' | 'help';
  /** In the order in which they are made. */
  readonly runs: readonly Run[];
  readonly minutesLeft: number;
  readonly again: boolean;
  readonly usefulness: boolean;
  /** Of the training; 0: one a core. */
  readonly threads: number;
  readonly work: string | undefined;
  readonly photographs: string | undefined;
  readonly portraits: string | undefined;
}

/**
 * Reads a command line.
 *
 * @throws {UserError} for what it cannot mean.
 */
export function parseRequest(argv: readonly string[]): Request {
  const { values, positionals } = parse(argv);
  const { all = false, again = false, usefulness = false, work, photographs, portraits } = values;
  const task = values.help ? 'help' : values.list ? 'list' : values.table ? 'table' : 'run';
  const minutes = values['minutes-left'];
  const minutesLeft = minutes === undefined ? Number.POSITIVE_INFINITY : Number(minutes);
  if (Number.isNaN(minutesLeft) || minutesLeft <= 0) {
    throw new UserError(
      `Expected --minutes-left to be a number of minutes above 0, got "${minutes}". Give one, such as --minutes-left 60.`,
    );
  }
  const threads = values.threads === undefined ? 0 : Number(values.threads);
  if (!Number.isSafeInteger(threads) || threads < 0 || threads > 1024) {
    throw new UserError(
      `Expected --threads to be a whole number from 0 to 1024, got "${values.threads}". Give one, such as --threads 1.`,
    );
  }
  if (task === 'run' && positionals.length === 0 && !all) {
    throw new UserError(
      'Expected the name of a row, got none. Give one, such as base, or --all; --list shows them.',
    );
  }
  const named = all || positionals.length === 0 ? allRows : positionals.flatMap(rowsNamed);
  const runs = chosenRuns([...new Set(named)], values.seed, values.channels);
  return {
    ...{ task, minutesLeft, again, usefulness, threads, work, photographs, portraits },
    runs: all ? inSensibleOrder(runs) : runs,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!code.startsWith('ERR_PARSE_ARGS')) throw error;
    const wrong = argv.find((word) => word.startsWith('--') && !(word.slice(2) in options));
    const near =
      wrong &&
      nearest(
        wrong,
        Object.keys(options).map((name) => `--${name}`),
      );
    const remedy = near ? `Did you mean "${near}"?` : 'See --help.';
    throw new UserError(
      wrong === undefined
        ? `Expected a command line as --help describes it, got one with a mistake: ${message} ${remedy}`
        : `Expected a flag of "npm run results", got "${wrong}". ${remedy}`,
    );
  }
}

/** The planned runs of rows, or those of other seeds where some are given. */
function chosenRuns(
  rows: readonly Row[],
  seeds: readonly string[] | undefined,
  channels: string | undefined,
): readonly Run[] {
  if (channels !== undefined && channels !== '1' && channels !== '3') {
    throw new UserError(
      `Expected --channels to be 1 (grey) or 3 (colour), got "${channels}". Give one of them or drop it.`,
    );
  }
  const numbers = seeds?.map((text) => {
    if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
    throw new UserError(
      `Expected --seed to be a whole number, got "${text}". Give one, such as --seed 1.`,
    );
  });
  return rows.flatMap((row) => {
    const wanted = channels === undefined ? row.channels : [Number(channels) as Channels];
    if (numbers === undefined && channels === undefined) return runsOf(row);
    return wanted.flatMap((each) => {
      const own = numbers ?? (each === 3 ? row.seeds : row.seeds.slice(0, 1));
      return own.map((seed): Run => ({ row, channels: each, seed }));
    });
  });
}
