import { Command as Commander, Option } from 'commander';
import { suggestion, UserError } from '../base/user-error.ts';
import type { Command } from './command.ts';
import { flagNames, translateCommanderError } from './commander-errors.ts';
import { type Flag, flagName } from './flags.ts';

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

/** @throws {UserError} where a command line does not begin with a command. */
export function checkStart(commands: readonly Command[], argv: readonly string[]): void {
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

/** Runs a command with the values of its flags. */
export type Run = (command: Command, values: Readonly<Record<string, unknown>>) => Promise<void>;

/** The commands as Commander parses them; every complaint of its is a `UserError`. */
export function buildCommander(commands: readonly Command[], version: string, run: Run): Commander {
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
