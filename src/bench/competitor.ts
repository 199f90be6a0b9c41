import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The size of the benchmark's iteration. */
export interface BenchShape {
  readonly batch: number;
  /** Pixels of a side. */
  readonly size: number;
  readonly channels: 1 | 3;
  readonly threads: number;
}

/** One side of the benchmark, in a process of its own. */
export interface Competitor {
  readonly name: string;
  /** Runs one and gives its time in milliseconds. */
  time(task: 'iteration' | 'refine'): Promise<number>;
  /** The most resident memory so far, in bytes. */
  peakMemory(): Promise<number>;
  end(): void;
}

/** Starts a worker that speaks the line protocol of `worker.ts`. */
export function startCompetitor(
  name: string,
  command: readonly [string, ...string[]],
  shape: BenchShape,
): Competitor {
  const [program, ...args] = command;
  const child: ChildProcess = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  child.stdin!.write(`${JSON.stringify(shape)}\n`);
  const ask = async (task: string) => {
    child.stdin!.write(`${task}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error(`The ${name} side of the benchmark ended early.`);
    return Number(value);
  };
  return { name, time: ask, peakMemory: () => ask('memory'), end: () => child.stdin!.end() };
}

/** A Python that can import torch, where there is one. */
export function findPyTorch(): { readonly python: string; readonly version: string } | undefined {
  for (const python of ['python3', '/usr/bin/python3']) {
    const found = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], {
      encoding: 'utf8',
    });
    if (found.status === 0) return { python, version: found.stdout.trim() };
  }
  return undefined;
}
