import type { Flag, FlagValues } from './flags.ts';
import type { Progress } from './progress.ts';

/** What a command gets beside its flags. It never prints or exits by other means. */
export interface CommandContext {
  /** Aborted by Ctrl-C or SIGTERM: save, then return or throw an `AbortError`. Exit code 130. */
  readonly signal: AbortSignal;
  /** Writes a line to stderr, above a running progress line. */
  readonly log: (line: string) => void;
  /** Progress lines of long work, on stderr. */
  readonly progress: Progress;
}

type Flags = Readonly<Record<string, Flag<unknown>>>;

/** How a command is declared. `Result` is what `--json` prints: plain JSON values. */
export interface CommandDefinition<Declared extends Flags, Result extends object> {
  readonly name: string;
  /** One sentence for `lifelike --help`. */
  readonly summary: string;
  /** By camelCase name: `imagesPerIdentity` is `--images-per-identity`. `--json` is added. */
  readonly flags: Declared;
  /** Text below the flags in the command's `--help`, such as the configuration keys. */
  readonly notes?: () => string;
  /** Does the work. Load heavy modules in here, so that `--help` stays quick. */
  readonly run: (flags: FlagValues<Declared>, context: CommandContext) => Promise<Result>;
  /** What to do after an interrupt that `run` answers with an `AbortError`; printed on stderr. */
  readonly interrupted?: string;
  /** The result as text for people; printed on stdout without `--json`. */
  readonly report: (result: Result) => string;
}

/** A command whose flags and result only it knows. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly flags: Flags;
  readonly notes?: (() => string) | undefined;
  readonly interrupted?: string | undefined;
  readonly execute: (
    values: Readonly<Record<string, unknown>>,
    context: CommandContext,
  ) => Promise<{ readonly result: object; readonly text: string }>;
}

/** Of a command that keeps what it has done. */
export const sameCommandGoesOn = 'Interrupted. The same command goes on from there.';

/** Declares a command; the types of `run`'s flags follow from `flags`. */
export function defineCommand<const Declared extends Flags, Result extends object>(
  definition: CommandDefinition<Declared, Result>,
): Command {
  const { name, summary, flags, notes, interrupted, run, report } = definition;
  return {
    name,
    summary,
    flags,
    notes,
    interrupted,
    execute: async (values, context) => {
      const result = await run(values as FlagValues<Declared>, context);
      return { result, text: report(result) };
    },
  };
}
