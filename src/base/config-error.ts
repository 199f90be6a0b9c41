import type { z } from 'zod';
import { keysAt, metaOf, schemasAt } from './config-schema.ts';
import { isPlainRecord, valueAt } from './plain-tree.ts';
import { nearest } from './user-error.ts';

type Issue = z.core.$ZodIssue;

const typeNames: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object of keys',
  record: 'an object of keys',
  null: 'null',
  undefined: 'absent',
};

function quantity(issue: { origin: string }, bound: string): string {
  if (issue.origin === 'array' || issue.origin === 'set') return `a list with ${bound} entries`;
  return issue.origin === 'string' ? `text with ${bound} letters` : bound;
}

/** What an issue of zod asks for, in words that follow “Expected `key` to be”. */
export function expectedByIssue(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? `a value of type ${issue.expected}`;
    case 'too_small': {
      const counted = issue.origin === 'array' || issue.origin === 'string';
      const above = issue.inclusive || counted ? 'at least' : 'more than';
      return quantity(
        issue,
        issue.exact ? `exactly ${issue.minimum}` : `${above} ${issue.minimum}`,
      );
    }
    case 'too_big': {
      const counted = issue.origin === 'array' || issue.origin === 'string';
      const below = issue.inclusive || counted ? 'at most' : 'less than';
      return quantity(
        issue,
        issue.exact ? `exactly ${issue.maximum}` : `${below} ${issue.maximum}`,
      );
    }
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? String(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union': {
      const options = (issue as { options?: readonly unknown[] }).options;
      if (options) return `one of ${options.map(String).join(', ')}`;
      const branches = issue.errors.map((branch) => {
        // The branch whose issue lies deepest inside fits the value best, but each names its kind.
        const outermost = branch.find(({ path }) => path.length === 0) ?? branch[0];
        return expectedByIssue(outermost);
      });
      return [...new Set(branches)].join(' or ');
    }
    default:
      return issue.message;
  }
}

function shortJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The problem that an issue is about: the path of the key and the sentence without its remedy. */
export interface ConfigProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Follows where the key was written, such as `Did you mean "history.capacity"?`. */
  readonly remedy: string;
}

function unknownKey(
  schema: z.ZodType,
  input: unknown,
  parent: readonly PropertyKey[],
  key: string,
) {
  const path: PropertyKey[] = [...parent, key];
  const known = keysAt(schema, parent);
  const rest: string[] = [];
  for (let below = valueAt(input, path); isPlainRecord(below); ) {
    const keys = Object.keys(below);
    if (keys.length !== 1) break;
    rest.push(keys[0]);
    below = below[keys[0]];
  }
  const near = nearest(key, known);
  const remedy = near
    ? `Did you mean "${[...parent, near, ...rest].map(String).join('.')}"?`
    : `Use one of: ${known.join(', ')}.`;
  const dotted = [...path, ...rest].map(String).join('.');
  return { path, message: `a key of the configuration, got "${dotted}".`, remedy };
}

/** The key that says itself what it expects: the one of the path, or one that is written whole. */
function statedAt(schema: z.ZodType, path: readonly PropertyKey[]) {
  for (let length = path.length; length > 0; length--) {
    const key = path.slice(0, length);
    const stated = schemasAt(schema, key)
      .map((at) => metaOf(at, 'expected'))
      .find((text) => text !== undefined);
    if (stated !== undefined) return { path: key, stated };
  }
  return { path, stated: undefined };
}

/** Turns the first issue of a failed parse into words; `input` is the value that was parsed. */
export function configProblem(schema: z.ZodType, input: unknown, issue: Issue): ConfigProblem {
  if (issue.code === 'unrecognized_keys') {
    return unknownKey(schema, input, issue.path, issue.keys[0]);
  }
  // A check of several keys at once has no value of its own; its message says all.
  if (issue.code === 'custom') {
    const name = issue.path.map(String).join('.');
    const subject = name === '' ? '' : `\`${name}\` to be `;
    const got = name === '' ? 'other values' : shortJson(valueAt(input, issue.path));
    return { path: issue.path, message: `${subject}${issue.message}, got ${got}.`, remedy: '' };
  }
  const { path, stated } = statedAt(schema, issue.path);
  const key = path.map(String).join('.');
  const value = valueAt(input, path);
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const near = typeof value === 'string' ? nearest(value, choices) : undefined;
  return {
    path,
    message: `\`${key}\` to be ${stated ?? expectedByIssue(issue)}, got ${shortJson(value)}.`,
    remedy: near ? `Did you mean "${near}"?` : '',
  };
}
