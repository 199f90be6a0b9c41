import type { z } from 'zod';
import { configProblem } from './config-error.ts';
import { isTextAt } from './config-schema.ts';
import {
  decides,
  dottedLeaves,
  emptyRecord,
  isPlainRecord,
  mergeRecords,
  nest,
  type PlainRecord,
  valueAt,
} from './plain-tree.ts';
import { UserError } from './user-error.ts';

/** Where a value comes from; each beats those before it. */
export type ConfigSource = 'default' | 'preset' | 'file' | 'set' | 'flag';

/** What may override the defaults of a schema, all optional. */
export interface ConfigLayers {
  /** Plain values of the schema, any part of it. */
  readonly preset?: object | undefined;
  /** A parsed JSON file and its path, which messages name. */
  readonly file?: { readonly path: string; readonly value: unknown } | undefined;
  /** `--set` texts: `key=value` with a dotted key and JSON or plain text as value. */
  readonly set?: readonly string[] | undefined;
  /** Values of flags by dotted key; undefined where a flag was not given. */
  readonly flags?: Readonly<Record<string, unknown>> | undefined;
}

export interface ResolvedConfig<Config> {
  readonly config: Config;
  /** Dotted keys whose value differs from that of the preset (over the defaults). */
  readonly changed: readonly string[];
  /** The source of each value by dotted key. */
  readonly sources: Readonly<Record<string, ConfigSource>>;
}

interface Layer {
  readonly source: ConfigSource;
  readonly values: PlainRecord;
  /** Where a user finds it. */
  readonly place: string;
}

function assignment(schema: z.ZodType, text: string): PlainRecord {
  const equals = text.indexOf('=');
  const path = text.slice(0, Math.max(0, equals)).trim().split('.');
  if (equals < 1 || path.some((key) => key === '')) {
    throw new UserError(
      `Expected --set to be key=value, got "${text}". Write it as --set batchSize=16 or --set history.capacity=1000.`,
    );
  }
  const value = text.slice(equals + 1);
  let parsed: unknown = value;
  try {
    parsed = JSON.parse(value);
  } catch {
    // Plain text, such as --set size=35x55: the schema decides what it means.
  }
  return nest(path, isTextAt(schema, path) && typeof parsed !== 'string' ? value : parsed);
}

function collectLayers(schema: z.ZodType, given: ConfigLayers): Layer[] {
  const { preset = {}, file, set = [], flags = {} } = given;
  if (file && !isPlainRecord(file.value)) {
    throw new UserError(
      `Expected an object of keys in ${file.path}, got ${JSON.stringify(file.value).slice(0, 40)}. Write it as {"batchSize": 16}.`,
    );
  }
  const merge = (records: readonly PlainRecord[]) => records.reduce(mergeRecords, emptyRecord());
  const stated = Object.entries(flags).filter(([, value]) => value !== undefined);
  return [
    { source: 'preset', values: merge([preset as PlainRecord]), place: 'the preset' },
    { source: 'file', values: (file?.value ?? {}) as PlainRecord, place: file?.path ?? '' },
    { source: 'set', values: merge(set.map((text) => assignment(schema, text))), place: '--set' },
    {
      source: 'flag',
      values: merge(stated.map(([key, value]) => nest(key.split('.'), value))),
      place: 'the flags',
    },
  ];
}

function failure(schema: z.ZodType, input: unknown, layers: readonly Layer[], error: z.ZodError) {
  const { path, message, remedy } = configProblem(schema, input, error.issues[0]);
  const key = path.map(String).join('.');
  const layer = layers.findLast(({ values }) => decides(values, path));
  // A preset is ours: where it breaks the schema by itself, no user can mend it.
  const combined = error.issues[0].code === 'custom';
  if (layer?.source === 'preset' && !combined) return new Error(`Expected ${message}`);
  const change = layer === undefined || path.length === 0 ? undefined : layer.place;
  const fallback = fallbackFor(key, change, layer);
  const where = change && remedy !== '' ? ` It is in ${change}.` : '';
  return new UserError(`Expected ${message} ${remedy === '' ? fallback : `${remedy}${where}`}`);
}

/** What a user can do about a value where the schema does not say more. */
function fallbackFor(key: string, change: string | undefined, layer: Layer | undefined): string {
  if (key === '') return 'Change one of them with --set key=value.';
  const give = `with --set ${key}=VALUE.`;
  if (change === undefined) return `Give it ${give}`;
  return layer?.source === 'preset'
    ? `It is in ${change}: give another ${give}`
    : `Change it in ${change}.`;
}

function changedKeys(schema: z.ZodType, config: unknown, layers: readonly Layer[]): string[] {
  const baseline = schema.safeParse(layers[0].values);
  return dottedLeaves(config)
    .filter(([key, value]) => {
      const path = key.split('.');
      if (!baseline.success) return layers.slice(1).some(({ values }) => decides(values, path));
      return JSON.stringify(valueAt(baseline.data, path)) !== JSON.stringify(value);
    })
    .map(([key]) => key);
}

/**
 * One configuration from its layers: a flag beats `--set`, `--set` beats the file, the file beats
 * the preset, the preset beats the schema's defaults. Records merge deeply, lists replace.
 *
 * @param schema A `z.strictObject`; give nested objects `.prefault({})` so that their parts
 *   default. `.meta({ expected: 'pixels, such as 64 or 35x55' })` words what a key's message
 *   expects.
 * @throws {UserError} naming the dotted key and its place where a key is unknown or a value does
 *   not fit.
 */
export function resolveConfig<Schema extends z.ZodObject>(
  schema: Schema,
  given: ConfigLayers,
): ResolvedConfig<z.output<Schema>> {
  const layers = collectLayers(schema, given);
  const input = layers.map(({ values }) => values).reduce(mergeRecords, emptyRecord());
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw failure(schema, input, layers, parsed.error);
  const sources = dottedLeaves(parsed.data).map(([key]) => {
    const layer = layers.findLast(({ values }) => decides(values, key.split('.')));
    return [key, layer?.source ?? 'default'] as const;
  });
  return {
    config: parsed.data,
    changed: changedKeys(schema, parsed.data, layers),
    sources: Object.fromEntries(sources),
  };
}
