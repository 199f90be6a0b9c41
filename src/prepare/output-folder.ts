import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { dottedLeaves } from '../base/plain-tree.ts';
import { UserError } from '../base/user-error.ts';
import { removeTemporaryFiles, writeFileAtomically } from '../files/atomic-file.ts';
import { explainingFileErrors } from '../files/file-error.ts';
import { lockFolder } from '../files/folder-lock.ts';
import { makeFolder } from '../files/make-folder.ts';
import { areNested } from '../files/nested-folders.ts';
import type { PrepareConfig } from './config.ts';
import type { Framing } from './framing.ts';
import { stateFolder } from './index-file.ts';

/** What decides the crops of a folder: a run with other settings may not go on in it. */
export interface PrepareSettings {
  readonly input: string;
  readonly config: PrepareConfig;
  /** SHA-256 over the framings of the synthetic set; absent without one. */
  readonly like?: string;
}

/** The settings of a run. */
export function settingsOf(
  input: string,
  config: PrepareConfig,
  like: readonly Framing[] | undefined,
): PrepareSettings {
  const digest = () => createHash('sha256').update(JSON.stringify(like)).digest('hex');
  return { input, config, ...(like !== undefined && { like: digest() }) };
}

async function checkSettings(output: string, settings: PrepareSettings): Promise<void> {
  const path = join(output, stateFolder, 'settings.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) {
    const foreign = (await readdir(output)).find((name) => !/^[._]/.test(name));
    if (foreign !== undefined) {
      throw new UserError(
        `Expected a new or empty output folder, or one of an earlier run, got ${output} with "${foreign}". Choose another --out.`,
      );
    }
    await makeFolder(join(output, stateFolder));
    await writeFileAtomically(path, `${JSON.stringify(settings, null, 2)}\n`);
    return;
  }
  const earlier = new Map(dottedLeaves(JSON.parse(text)));
  const now = new Map(dottedLeaves(settings));
  for (const key of new Set([...earlier.keys(), ...now.keys()])) {
    const [before, after] = [earlier.get(key), now.get(key)].map((value) => JSON.stringify(value));
    if (before === after) continue;
    const name = key.replace(/^config\./, '');
    throw new UserError(
      `Expected the settings with which ${output} was begun, got another ${name}: ${after ?? 'none'} instead of ${before ?? 'none'}. Choose another --out, or remove that folder to start again.`,
    );
  }
}

/**
 * Takes an output folder for one run: apart from the input, new or begun with the same settings.
 * Returns the function that gives it back.
 *
 * @throws {UserError} otherwise.
 */
export async function takeOutputFolder(
  output: string,
  settings: PrepareSettings,
): Promise<() => Promise<void>> {
  return explainingFileErrors(output, async () => {
    const path = resolve(output);
    if (await areNested(settings.input, path)) {
      throw new UserError(
        `Expected an output folder apart from the input, got --out ${output} for --input ${settings.input}. Choose a folder that neither holds the input nor lies in it.`,
      );
    }
    await makeFolder(path);
    const release = await lockFolder(path, 'lifelike prepare');
    try {
      await checkSettings(path, settings);
      await removeTemporaryFiles(path);
      return release;
    } catch (error) {
      await release();
      throw error;
    }
  });
}
