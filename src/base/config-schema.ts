import { z } from 'zod';
import { type PlainRecord, valueAt } from './plain-tree.ts';

/** A key of a configuration as help and documentation show it. */
export interface ConfigKey {
  /** Dotted, such as `history.capacity`. */
  readonly key: string;
  /** Undefined where the schema has none. */
  readonly default: unknown;
  /** From `.describe()` or `.meta()`; empty where the schema has none. */
  readonly description: string;
}

/** The layers of a schema from the outside in: `.default()`, `.optional()`, `.preprocess()` …. */
function layers(schema: z.ZodType): z.ZodType[] {
  const found = [schema];
  for (;;) {
    const def = found[found.length - 1].def as { innerType?: z.ZodType; in?: z.ZodType };
    const piped = found[found.length - 1];
    if (def.innerType) found.push(def.innerType);
    else if (piped instanceof z.ZodPipe) {
      const { in: input, out } = piped.def as unknown as { in: z.ZodType; out: z.ZodType };
      found.push(input instanceof z.ZodTransform ? out : input);
    } else return found;
  }
}

function core(schema: z.ZodType): z.ZodType {
  return layers(schema).at(-1) as z.ZodType;
}

function children(schema: z.ZodType, key: PropertyKey): z.ZodType[] {
  const inner = core(schema);
  if (inner instanceof z.ZodObject) {
    const shape = inner.shape as Record<PropertyKey, z.ZodType>;
    return Object.hasOwn(shape, key) ? [shape[key]] : [];
  }
  if (inner instanceof z.ZodUnion) {
    return (inner.options as z.ZodType[]).flatMap((option) => children(option, key));
  }
  if (inner instanceof z.ZodRecord) return [inner.valueType as z.ZodType];
  if (inner instanceof z.ZodArray) return [inner.element as z.ZodType];
  return [];
}

/** The schemas that may judge the value at a path: several below a union, none for unknown keys. */
export function schemasAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType[] {
  return path.reduce<z.ZodType[]>((at, key) => at.flatMap((one) => children(one, key)), [schema]);
}

/** The keys that a schema knows at a path. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const keys = (at: z.ZodType): string[] => {
    const inner = core(at);
    if (inner instanceof z.ZodObject) return Object.keys(inner.shape);
    if (inner instanceof z.ZodUnion) return (inner.options as z.ZodType[]).flatMap(keys);
    return [];
  };
  return [...new Set(schemasAt(schema, path).flatMap(keys))];
}

/** Whether the value at a path is text, so that `--set name=12` stays `"12"`. */
export function isTextAt(schema: z.ZodType, path: readonly PropertyKey[]): boolean {
  const at = schemasAt(schema, path);
  return at.length > 0 && at.every((one) => core(one) instanceof z.ZodString);
}

/** The first metadata value of a name on a schema or on what it wraps. */
export function metaOf(schema: z.ZodType, name: string): string | undefined {
  for (const layer of layers(schema)) {
    const value = layer.meta()?.[name];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

/**
 * Every leaf of a configuration schema with its default and description, in the schema's order;
 * with a preset its values are the defaults.
 */
export function describeConfig(schema: z.ZodObject, preset: object = {}): ConfigKey[] {
  const whole = schema.safeParse(preset);
  const defaults: PlainRecord | undefined = whole.success ? whole.data : undefined;
  const walk = (at: z.ZodType, path: readonly string[]): ConfigKey[] => {
    const inner = core(at);
    if (inner instanceof z.ZodObject) {
      return Object.entries(inner.shape).flatMap(([key, child]) =>
        walk(child as z.ZodType, [...path, key]),
      );
    }
    // A schema with required keys has no default as a whole, but its other leaves have.
    const own = at.safeParse(undefined);
    return [
      {
        key: path.join('.'),
        default: defaults ? valueAt(defaults, path) : own.success ? own.data : undefined,
        description: metaOf(at, 'description') ?? '',
      },
    ];
  };
  return walk(schema, []);
}
