import { suggestion, UserError } from '../base/user-error.ts';

/** How a flag of a command reads, checks and describes its value. */
export interface Flag<Value> {
  /** What stands for the value in help, such as `DIR`; none for a switch. */
  readonly placeholder?: string;
  readonly description: string;
  readonly required: boolean;
  /** The value where the flag is absent. */
  readonly initial: Value;
  /** Turns the text after `name` into a value; `previous` is that of an earlier use. */
  parse(text: string, name: string, previous: Value | undefined): Value;
}

/** The values that a command gets for its flags. */
export type FlagValues<Flags> = {
  readonly [Name in keyof Flags]: Flags[Name] extends Flag<infer Value> ? Value : never;
};

interface Options<Value> {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: Value;
}

/** The value is certain where the flag is required or has a default. */
type Given<Value, Chosen> = Chosen extends { required: true } | { default: Value }
  ? Value
  : Value | undefined;

function flag<Value, Chosen extends Options<Value>>(
  options: Chosen,
  placeholder: string,
  read: (text: string, name: string) => Value,
): Flag<Given<Value, Chosen>> {
  const { description, required = false } = options;
  return {
    placeholder,
    description,
    required,
    initial: options.default as Given<Value, Chosen>,
    parse: (text, name) => read(text, name) as Given<Value, Chosen>,
  };
}

interface NumberOptions extends Options<number> {
  readonly min?: number;
  readonly max?: number;
  /** Named in messages, such as `minutes`. */
  readonly unit?: string;
}

function numberReader(options: NumberOptions, noun: string, accepts: (value: number) => boolean) {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, unit } = options;
  const lower = Number.isFinite(min);
  const upper = Number.isFinite(max);
  const range =
    lower && upper
      ? ` from ${min} to ${max}`
      : lower
        ? ` of at least ${min}`
        : upper
          ? ` of at most ${max}`
          : '';
  const example = options.default ?? (lower ? Math.max(min, 1) : upper ? max : 1);
  return (text: string, name: string): number => {
    const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
    const value = Number(text);
    if (decimal && accepts(value) && value >= min && value <= max) return value;
    throw new UserError(
      `Expected ${name} to be ${noun}${unit ? ` of ${unit}` : ''}${range}, got "${text}". Give one, such as ${name} ${example}.`,
    );
  };
}

/** A flag with a whole number, `--steps 2000`. */
export function integer<const Chosen extends NumberOptions>(options: Chosen) {
  const read = numberReader(options, 'a whole number', Number.isSafeInteger);
  return flag<number, Chosen>(options, 'N', read);
}

/** A flag with a number, `--minutes 2.5`. */
export function number<const Chosen extends NumberOptions>(options: Chosen) {
  return flag<number, Chosen>(options, 'N', numberReader(options, 'a number', Number.isFinite));
}

function nonEmpty(text: string, name: string): string {
  if (text.trim() !== '') return text;
  throw new UserError(`Expected a value after ${name}, got an empty text. Give one or drop it.`);
}

/** A flag with any text that is not empty; `placeholder` stands for it in help, such as `URL`. */
export function text<const Chosen extends Options<string>>(options: Chosen, placeholder = 'TEXT') {
  return flag<string, Chosen>(options, placeholder, nonEmpty);
}

/** A flag with the path of a folder. */
export function folder<const Chosen extends Options<string>>(options: Chosen) {
  return text(options, 'DIR');
}

/** A flag with the path of a file. */
export function file<const Chosen extends Options<string>>(options: Chosen) {
  return text(options, 'FILE');
}

/** A flag with one of some words, `--device cpu`. */
export function oneOf<const Choice extends string, const Chosen extends Options<NoInfer<Choice>>>(
  choices: readonly Choice[],
  options: Chosen,
) {
  return flag<Choice, Chosen>(options, choices.join('|'), (text, name) => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    const remedy = suggestion(text, choices) || ' Choose one of these.';
    throw new UserError(
      `Expected ${name} to be one of ${choices.join(', ')}, got "${text}".${remedy}`,
    );
  });
}

/** A flag without a value: true where it is given. */
export function toggle(options: { readonly description: string }): Flag<boolean> {
  return { ...options, required: false, initial: false, parse: () => true };
}

/** A flag that may be given any number of times; its values in order. */
export function repeated(
  options: { readonly description: string },
  placeholder: string,
): Flag<readonly string[]> {
  return {
    ...options,
    placeholder,
    required: false,
    initial: [],
    parse: (text, name, previous = []) => [...previous, nonEmpty(text, name)],
  };
}

/** `imagesPerIdentity` → `--images-per-identity`. */
export function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
