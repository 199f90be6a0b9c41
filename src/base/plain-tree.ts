/** A record as JSON has it: no list, no class instance. */
export type PlainRecord = { [key: string]: unknown };

/** Whether a value is a record as JSON has it. */
export function isPlainRecord(value: unknown): value is PlainRecord {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A record without a prototype, so that a key such as `__proto__` is a key like any other. */
export function emptyRecord(): PlainRecord {
  return Object.create(null);
}

/** Merges records deeply; lists and other values of `over` replace those of `base`. */
export function mergeRecords(base: PlainRecord, over: PlainRecord): PlainRecord {
  const merged = Object.assign(emptyRecord(), base);
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isPlainRecord(value)
      ? mergeRecords(isPlainRecord(below) ? below : emptyRecord(), value)
      : value;
  }
  return merged;
}

/** A record that holds one value at a path: `nest(['a', 'b'], 1)` is `{ a: { b: 1 } }`. */
export function nest(path: readonly string[], value: unknown): PlainRecord {
  return path.reduceRight<unknown>(
    (inner, key) => Object.assign(emptyRecord(), { [key]: inner }),
    value,
  ) as PlainRecord;
}

/** The value at a path; undefined where there is none. */
export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  let value = tree;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** Whether a tree decides the value at a path: it holds one there or a non-record above it. */
export function decides(tree: unknown, path: readonly PropertyKey[]): boolean {
  let value = tree;
  for (const key of path) {
    if (!isPlainRecord(value)) return value !== undefined;
    if (!Object.hasOwn(value, key)) return false;
    value = value[String(key)];
  }
  return value !== undefined;
}

/** Dotted paths and values of everything that is no record (a list is one value). */
export function dottedLeaves(tree: unknown, prefix = ''): (readonly [string, unknown])[] {
  if (!isPlainRecord(tree)) return [[prefix, tree]];
  return Object.entries(tree).flatMap(([key, value]) =>
    dottedLeaves(value, prefix === '' ? key : `${prefix}.${key}`),
  );
}
