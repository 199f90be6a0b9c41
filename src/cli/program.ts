import { inspect } from 'node:util';
import { type Command as Commander, CommanderError } from 'commander';
import { UserError } from '../base/user-error.ts';
import { buildCommander, checkStart } from './build-commander.ts';
import type { Command, CommandContext } from './command.ts';
import { explainError, isAbortError } from './explain-error.ts';
import { listenForInterrupt, type SignalSource } from './interrupt.ts';
import { createProgress, type Progress } from './progress.ts';

/** The world a program runs in: `process`, or what stands for it in a test. */
export interface ProgramOutput {
  readonly stdout: { readonly write: (text: string) => unknown };
  readonly stderr: {
    readonly write: (text: string) => unknown;
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly signals: SignalSource;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/** A function that runs a command line (without node and script) and gives the exit code. */
export type Program = (argv: readonly string[]) => Promise<number>;

const exitCodes = { done: 0, bug: 1, userError: 2, interrupted: 130 } as const;

function quiet(root: Commander, output: ProgramOutput): void {
  for (const commander of [root, ...root.commands]) {
    commander.configureOutput({
      writeOut: (text) => void output.stdout.write(text),
      outputError: () => {},
    });
  }
}

/** Prints why a command line failed and gives its exit code. */
function fail(error: unknown, json: boolean, output: ProgramOutput, progress: Progress): number {
  progress.clear();
  const explained = explainError(error);
  const isUsers = explained instanceof UserError;
  const message = explained instanceof Error ? explained.message : String(explained);
  // `inspect` shows the stack and every cause below it.
  output.stderr.write(`${isUsers ? message : inspect(explained)}\n`);
  if (json) output.stdout.write(`${JSON.stringify({ error: message })}\n`);
  return isUsers ? exitCodes.userError : exitCodes.bug;
}

/**
 * A command line program. Exit codes: 0 done, 1 a bug (with its stack), 2 a user's mistake
 * (without), 130 interrupted after saving.
 */
export function createProgram(
  commands: readonly Command[],
  { version, output }: { readonly version: string; readonly output: ProgramOutput },
): Program {
  return async (argv) => {
    const { stdout, stderr, signals, exit, now } = output;
    const json = argv.includes('--json');
    const progress = createProgress({
      write: (text) => void stderr.write(text),
      isTerminal: stderr.isTTY === true,
      columns: () => stderr.columns ?? 0,
      now,
    });
    const interrupt = listenForInterrupt({
      source: signals,
      now,
      onFirst: () =>
        progress.log('Interrupted: saving what is done. Ctrl-C again stops without saving.'),
      onSecond: () => {
        progress.clear();
        exit(exitCodes.interrupted);
      },
    });
    const { signal } = interrupt;
    const context: CommandContext = { signal, log: progress.log, progress };
    let started: Command | undefined;
    const root = buildCommander(commands, version, async (command, values) => {
      started = command;
      const { result, text } = await command.execute(values, context);
      progress.clear();
      const printed = json ? JSON.stringify(result) : text;
      if (printed !== '') stdout.write(`${printed}\n`);
    });
    quiet(root, output);
    const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
    try {
      checkStart(commands, words);
      await root.parseAsync([...words], { from: 'user' });
      return signal.aborted ? exitCodes.interrupted : exitCodes.done;
    } catch (error) {
      if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
      if (!signal.aborted || !isAbortError(error)) return fail(error, json, output, progress);
      progress.clear();
      if (started?.interrupted) stderr.write(`${started.interrupted}\n`);
      if (json) stdout.write(`${JSON.stringify({ interrupted: true })}\n`);
      return exitCodes.interrupted;
    } finally {
      interrupt.release();
    }
  };
}
