import { inspect } from 'node:util';
import { Command as Commander, CommanderError, Option } from 'commander';
import { suggestion, UserError } from '../base/user-error.ts';
import type { Command, CommandContext } from './command.ts';
import { flagNames, translateCommanderError } from './commander-errors.ts';
import { explainError, isAbortError } from './explain-error.ts';
import { type Flag, flagName } from './flags.ts';
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

function addFlag(commander: Commander, key: string, flag: Flag<unknown>): void {
  const name = flagName(key);
  const usage = flag.placeholder === undefined ? name : `${name} <${flag.placeholder}>`;
  const hasDefault =
    flag.initial !== undefined && flag.initial !== false && !Array.isArray(flag.initial);
  const note = flag.required ? ' (required)' : hasDefault ? ` (default: ${flag.initial})` : '';
  const option = new Option(usage, `${flag.description}${note}`);
  if (flag.placeholder !== undefined) {
    option.argParser((text: string, previous: unknown) => {
      // `--out --count 5`: Commander would take the next flag for the missing value.
      if (text.startsWith('--')) {
        throw new UserError(
          `Expected a value after ${name}, got the flag "${text}". Write ${name} ${flag.placeholder}.`,
        );
      }
      return flag.parse(text, name, previous);
    });
  }
  commander.addOption(option);
}

function flagValues(command: Command, given: Readonly<Record<string, unknown>>) {
  const flags = Object.entries(command.flags);
  const missing = flags.filter(([key, flag]) => flag.required && given[key] === undefined);
  if (missing.length > 0) {
    const usages = missing.map(([key, flag]) => `${flagName(key)} ${flag.placeholder}`);
    const meanings = missing.map(([key, flag]) => `${flagName(key)} is ${flag.description}`);
    throw new UserError(
      `Expected ${usages.join(' ')} after lifelike ${command.name}, got none. Add what is missing: ${meanings.join('; ')}.`,
    );
  }
  return Object.fromEntries(flags.map(([key, flag]) => [key, given[key] ?? flag.initial]));
}

function checkStart(commands: readonly Command[], argv: readonly string[]): void {
  const names = commands.map(({ name }) => name);
  const choose = `Choose one of: ${names.join(', ')}; lifelike --help describes them.`;
  const [first] = argv;
  if (first === undefined) throw new UserError(`Expected a command, got none. ${choose}`);
  if (names.includes(first) || ['-h', '--help', '-V', '--version'].includes(first)) return;
  const near = first.startsWith('-')
    ? suggestion(first, ['--help', '--version'])
    : suggestion(first, names);
  throw new UserError(`Expected a command, got "${first}".${near || ` ${choose}`}`);
}

type Run = (command: Command, values: Readonly<Record<string, unknown>>) => Promise<void>;

function buildCommander(commands: readonly Command[], version: string, run: Run): Commander {
  const root = new Commander('lifelike')
    .description('Makes rendered face images look photographed without losing their labels.')
    .version(version)
    .helpCommand(false)
    .exitOverride();
  for (const command of commands) {
    const commander = root
      .command(command.name)
      .description(command.summary)
      .allowExcessArguments()
      .exitOverride((error) => {
        throw translateCommanderError(command, error);
      });
    for (const [key, flag] of Object.entries(command.flags)) addFlag(commander, key, flag);
    commander.option('--json', 'print the result as one JSON object on stdout');
    commander.addHelpText('after', () => (command.notes ? `\n${command.notes()}` : ''));
    commander.action(async () => {
      const [extra] = commander.args;
      if (extra !== undefined) {
        throw new UserError(
          `Expected only flags after lifelike ${command.name}, got "${extra}". Give every value after its flag; the flags are ${flagNames(command).join(', ')}.`,
        );
      }
      await run(command, flagValues(command, commander.opts()));
    });
  }
  return root;
}

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
    const root = buildCommander(commands, version, async (command, values) => {
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
      if (json) stdout.write(`${JSON.stringify({ interrupted: true })}\n`);
      return exitCodes.interrupted;
    } finally {
      interrupt.release();
    }
  };
}
