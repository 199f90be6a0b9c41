import { resolveConfig } from '../../src/base/config.ts';
import { dottedLeaves } from '../../src/base/plain-tree.ts';
import { UserError } from '../../src/base/user-error.ts';
import { type TrainConfig, trainConfig, trainConfigSchema } from '../../src/train/config.ts';
import { type Preset, presets } from '../../src/train/presets.ts';
import { type Run, runName } from './row.ts';

/** What a run trains with. */
export interface ResolvedRun {
  readonly config: TrainConfig;
  /** Dotted keys that differ from the preset. */
  readonly changed: readonly string[];
}

/** Iterations of a run that its time ends. */
const endless = 1_000_000;

/**
 * The configuration of a run, which its time ends unless the row sets `steps`.
 *
 * @throws {UserError} where this version does not have a preset or key of the row.
 */
export function resolveRun(run: Run, size: number): ResolvedRun {
  const { row, channels, seed } = run;
  const preset = (presets as Readonly<Record<string, Preset>>)[row.preset];
  if (preset === undefined) {
    throw new UserError(
      `Expected the preset ${row.preset} for row ${row.name}, got a version without it. Run the row when the preset is there.`,
    );
  }
  const isCounted = row.set.some((text) => text.startsWith('steps='));
  const steps = isCounted ? undefined : endless;
  try {
    return resolveConfig(trainConfigSchema, {
      preset: preset.values,
      set: row.set,
      flags: { size, channels, seed, steps },
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const reason = row.needs === undefined ? '' : ` It needs ${row.needs}.`;
    throw new UserError(
      `Expected a configuration that this version knows for row ${row.name}, got one that it refuses: ${error.message}${reason} Run the row with a version that has it, or mend its line in bench/results/rows.`,
      { cause: error },
    );
  }
}

/** Why a run cannot be made with this version; undefined where it can. */
export function obstacle(run: Run, size: number): string | undefined {
  try {
    resolveRun(run, size);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw new Error(`${runName(run)} cannot be resolved`, { cause: error });
  }
}

/** Keys that say which run it is, how long and how fast. */
const leftOut = new Set(['seed', 'steps', 'threads']);

export type RecipeValues = Readonly<Record<string, unknown>>;

/** The recipe of a run as the values that differ from the schema's defaults, by dotted key. */
export function recipeOf(config: TrainConfig): RecipeValues {
  const defaults = new Map(
    dottedLeaves(trainConfig()).map(([key, value]) => [key, JSON.stringify(value)]),
  );
  const own = dottedLeaves(config).filter(
    ([key, value]) => !leftOut.has(key) && defaults.get(key) !== JSON.stringify(value),
  );
  return Object.fromEntries(own);
}

/** The keys in which two recipes differ. */
export function recipeDifferences(first: RecipeValues, second: RecipeValues): string[] {
  const keys = new Set([...Object.keys(first), ...Object.keys(second)]);
  return [...keys].filter((key) => JSON.stringify(first[key]) !== JSON.stringify(second[key]));
}
