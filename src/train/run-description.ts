import { join } from 'node:path';
import { dottedLeaves } from '../base/plain-tree.ts';
import { UserError } from '../base/user-error.ts';
import { exists } from '../files/exists.ts';
import { readJsonFile } from '../files/json-file.ts';
import type { TrainConfig } from './config.ts';

/** `config.json`: what decided the run, beside the images themselves. */
export interface RunDescription {
  readonly preset: string;
  readonly config: TrainConfig;
  /** Dotted keys whose value is not that of the preset. */
  readonly changed: readonly string[];
  readonly synthetic: string;
  readonly real: string;
  /** Hashes of the lists of images and of those trained on, which decide the batches. */
  readonly imageLists: { readonly synthetic: string; readonly real: string };
  readonly device: string;
}

export const descriptionName = 'config.json';

/**
 * The description of the run that a folder holds.
 *
 * @throws {UserError} where it holds none.
 */
export async function readRunDescription(path: string): Promise<RunDescription> {
  const file = join(path, descriptionName);
  if (!(await exists(file))) {
    throw new UserError(
      `Expected a run folder with ${descriptionName}, got ${path}. Give the folder that train --run wrote.`,
    );
  }
  const value = (await readJsonFile(file)) as Partial<RunDescription> | null;
  if (typeof value?.config !== 'object' || typeof value.preset !== 'string') {
    throw new UserError(
      `Expected the description of a run in ${file}, got other JSON. Give the folder that train --run wrote.`,
    );
  }
  return value as RunDescription;
}

/** Keys that a resumed run may change. */
const changeable = new Set(['steps', 'data.maxBroken']);

/**
 * Refuses to go on with a run under another description. The folders of images may have moved:
 * their lists of images decide.
 *
 * @throws {UserError} naming every key that differs.
 */
export function requireSameRun(path: string, before: RunDescription, now: RunDescription): void {
  const keys = (description: RunDescription) =>
    new Map(
      dottedLeaves({ preset: description.preset, ...description.config }).map(([key, value]) => [
        key,
        JSON.stringify(value),
      ]),
    );
  const [old, current] = [keys(before), keys(now)];
  const differing = [...new Set([...old.keys(), ...current.keys()])].filter(
    (key) => !changeable.has(key) && old.get(key) !== current.get(key),
  );
  if (differing.length > 0) {
    const list = differing.map(
      (key) => `${key} (${old.get(key) ?? 'absent'} before, ${current.get(key) ?? 'absent'} now)`,
    );
    throw new UserError(
      `Expected the configuration of the run in ${path}, got another ${list.join(', ')}. Only steps, minutes, device and data.maxBroken may change in a resumed run: give the values of before, or choose another folder for a new run.`,
    );
  }
  for (const side of ['synthetic', 'real'] as const) {
    if (before.imageLists?.[side] === now.imageLists[side]) continue;
    throw new UserError(
      `Expected the images that the run in ${path} began with, got other file names in --${side} ${now[side]}, or other people in its metadata (images of one "identity" are held out together). Put them back, or choose another folder for a new run.`,
    );
  }
}
