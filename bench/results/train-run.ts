import { join } from 'node:path';
import { UserError } from '../../src/base/user-error.ts';
import type { CommandContext } from '../../src/cli/command.ts';
import { followTraining } from '../../src/cli/train.ts';
import { train } from '../../src/evaluate/selection/train.ts';
import { exists } from '../../src/files/exists.ts';
import { readJsonFile } from '../../src/files/json-file.ts';
import type { TrainConfig } from '../../src/train/config.ts';
import type { MetricsLine } from '../../src/train/metrics-log.ts';
import { outcomeName } from '../../src/train/run-folder.ts';
import type { RunRecord, TrainEvent, TrainOptions, TrainOutcome } from '../../src/train/train.ts';
import { watchMachine } from './machine-load.ts';
import type { RowResult } from './row-result.ts';

/** What a training gave, beside its refiner. */
export type Training = Pick<RowResult, 'training' | 'machine'>;

/** Iterations at the end whose metrics are averaged. */
const endIterations = 50;

type Options = Pick<TrainOptions, 'synthetic' | 'real' | 'run' | 'preset' | 'changed'> & {
  readonly config: TrainConfig;
  readonly minutes: number;
};

/**
 * Trains for so many minutes into a new run folder. A training that diverges is a result too.
 *
 * @throws an abort error where the context is interrupted: half of a training is none.
 */
export async function trainRun(options: Options, context: CommandContext): Promise<Training> {
  const { signal } = context;
  const follower = createFollower();
  const machine = watchMachine();
  const run = train({ ...options, signal });
  let outcome: TrainOutcome | undefined;
  try {
    outcome = await followTraining(follower.follow(run), context, { isTimed: true });
  } catch (error) {
    if (!(error instanceof UserError) || !(await diverged(options.run))) throw error;
    context.log(error.message);
  }
  signal.throwIfAborted();
  if (outcome === undefined) {
    return { training: { outcome: 'diverged', ...follower.summary() }, machine: machine() };
  }
  const { outcome: ending, steps, minutes, stagnation, selection } = outcome;
  if (ending === 'interrupted') throw new Error('Interrupted without a signal.');
  return {
    training: {
      ...{ outcome: ending, ...follower.summary() },
      minutes: rounded(minutes),
      iterations: steps,
      exported: selection?.step ?? steps,
      stagnation: stagnation[0]?.step ?? null,
    },
    machine: machine(),
  };
}

/** Whether a run's last step was not finite; JSON has null for such a number. */
async function diverged(run: string): Promise<boolean> {
  const path = join(run, outcomeName);
  if (!(await exists(path))) return false;
  const { outcome, metrics } = (await readJsonFile(path)) as RunRecord;
  return outcome === 'failed' && Object.values(metrics ?? {}).some((value) => value === null);
}

/** Passes on the events of a run and keeps what a result tells of them. */
function createFollower() {
  const began = performance.now();
  const latest: MetricsLine[] = [];
  let [iterations, seconds] = [0, 0];
  let stagnation: number | null = null;
  const see = (event: TrainEvent) => {
    if (event.kind === 'stagnation') stagnation ??= event.step;
    if (event.kind !== 'step' || event.phase !== 'adversarial') return;
    iterations += 1;
    seconds += Number(event.metrics.seconds);
    latest.push(event.metrics);
    if (latest.length > endIterations) latest.shift();
  };
  async function* follow<Outcome>(
    run: AsyncGenerator<TrainEvent, Outcome>,
  ): AsyncGenerator<TrainEvent, Outcome> {
    for (;;) {
      const next = await run.next();
      if (next.done) return next.value;
      see(next.value);
      yield next.value;
    }
  }
  const summary = () => ({
    minutes: rounded((performance.now() - began) / 60_000),
    iterations,
    exported: iterations,
    iterationsPerSecond: seconds === 0 ? 0 : rounded(iterations / seconds),
    stagnation,
    end: meansOf(latest),
  });
  return { follow, summary };
}

/** Counters and speeds are no means of interest. */
const leftOut = new Set(['step', 'seconds', 'imagesPerSecond', 'historySize']);

function meansOf(lines: readonly MetricsLine[]): Record<string, number> {
  const [first] = lines;
  if (first === undefined) return {};
  const names = Object.keys(first).filter(
    (name) => typeof first[name] === 'number' && !leftOut.has(name),
  );
  const mean = (name: string) =>
    lines.reduce((sum, line) => sum + Number(line[name]), 0) / lines.length;
  return Object.fromEntries(names.map((name) => [name, Number(mean(name).toPrecision(4))]));
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
