import type { CommanderError } from 'commander';
import { suggestion, UserError } from '../base/user-error.ts';
import type { Command } from './command.ts';
import { flagName } from './flags.ts';

/** All flags of a command as they are written. */
export function flagNames(command: Command): string[] {
  return [...Object.keys(command.flags).map(flagName), '--json', '--help'];
}

function unknownFlag(command: Command, written: string): UserError {
  const [name, value] = written.split(/=(.*)/s);
  if (value !== undefined && flagNames(command).includes(name)) {
    return new UserError(
      `Expected ${name} without a value, got "${written}". Leave the "=${value}" out.`,
    );
  }
  const known = flagNames(command);
  const remedy = suggestion(name, known) || ` Use one of: ${known.join(', ')}.`;
  return new UserError(`Expected a flag of lifelike ${command.name}, got "${written}".${remedy}`);
}

/** Commander's complaint about a command's flags in our words; help and version pass unchanged. */
export function translateCommanderError(command: Command, error: CommanderError): Error {
  const quoted = /'([^']+)'/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'commander.helpDisplayed':
      return error;
    case 'commander.unknownOption':
      return unknownFlag(command, quoted);
    case 'commander.optionMissingArgument': {
      const [name, placeholder = 'VALUE'] = quoted.split(' ');
      return new UserError(
        `Expected a value after ${name}, got none. Write ${name} ${placeholder.replace(/[<>]/g, '')}.`,
      );
    }
    default:
      return new UserError(
        `Expected flags of lifelike ${command.name}, got "${error.message}". See lifelike ${command.name} --help.`,
      );
  }
}
