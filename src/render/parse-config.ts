import { suggestion, UserError } from '../base/user-error.ts';
import { type RenderConfig, renderConfigSchema } from './scene/config.ts';

const defaults: unknown = renderConfigSchema.parse({});

/** The keys that the configuration has at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let at: unknown = defaults;
  for (const key of path) at = (at as Record<PropertyKey, unknown>)?.[key];
  return typeof at === 'object' && at !== null ? Object.keys(at) : [];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)?.[key], value);
}

/**
 * Fills in the defaults of a render configuration.
 *
 * @param source where the value comes from, for the message, such as a file's path.
 * @throws {UserError} for an unknown key, with the nearest known one, or a value of the wrong kind.
 */
export function parseRenderConfig(value: unknown, source = 'the configuration'): RenderConfig {
  const result = renderConfigSchema.safeParse(value ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    const known = keysAt(issue.path);
    const name = [...issue.path, key].join('.');
    const hint = suggestion(key, known);
    const list = known.map((option) => [...issue.path, option].join('.')).join(', ');
    throw new UserError(
      `Expected a known key in ${source}, got "${name}".${hint} Do use one of ${list}.`,
    );
  }
  const name = issue.path.join('.');
  const got = JSON.stringify(valueAt(value, issue.path));
  throw new UserError(
    `Expected a valid "${name}" in ${source}, got ${got}. Do correct it: ${issue.message}.`,
  );
}
