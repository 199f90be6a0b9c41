import type { z } from 'zod';
import type { ConfigLayers } from '../base/config.ts';
import { describeConfig } from '../base/config-schema.ts';
import { readJsonFile } from '../files/json-file.ts';
import { file, repeated } from './flags.ts';

/** `--config FILE` and `--set key=value`, for commands that have a configuration. */
export const configFlags = {
  config: file({ description: 'JSON file with configuration keys' }),
  set: repeated({ description: 'sets one configuration key; may be repeated' }, 'KEY=VALUE'),
};

/** The values of `configFlags` as layers of `resolveConfig`. */
export async function configLayers(flags: {
  readonly config: string | undefined;
  readonly set: readonly string[];
}): Promise<Pick<ConfigLayers, 'file' | 'set'>> {
  const { config, set } = flags;
  return config === undefined
    ? { set }
    : { file: { path: config, value: await readJsonFile(config) }, set };
}

/** The keys of a configuration as a table for `--help`, with the defaults that a preset has. */
export function configHelp(
  schema: z.ZodObject,
  preset?: { readonly name: string; readonly values: object },
): string {
  const rows = describeConfig(schema, preset?.values).map(
    ({ key, default: value, description }) => {
      const shown = value === undefined ? '' : `(default: ${JSON.stringify(value)})`;
      return [key, [description, shown].filter((text) => text !== '').join(' ')] as const;
    },
  );
  const width = Math.max(0, ...rows.map(([key]) => key.length));
  const lines = rows.map(([key, text]) => `  ${key.padEnd(width)}  ${text}`.trimEnd());
  const of = preset === undefined ? '' : `; defaults of ${preset.name}`;
  const title = `Configuration keys (--set key=value, or in the --config file${of}):`;
  return [title, ...lines].join('\n');
}
