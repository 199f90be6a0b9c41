import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { removeTemporaryFiles, writeFileAtomically } from '../files/atomic-file.ts';
import { explainFileError, explainingFileErrors } from '../files/file-error.ts';
import { lockFolder } from '../files/folder-lock.ts';
import { makeFolder } from '../files/make-folder.ts';
import { lies } from '../files/nested-folders.ts';
import {
  descriptionName,
  type RunDescription,
  readRunDescription,
  requireSameRun,
} from './run-description.ts';
import { explainingRunErrors } from './run-file-error.ts';

/** The folder of a run, held by this process until `close`. */
export interface RunFolder {
  readonly path: string;
  readonly checkpoints: string;
  readonly samples: string;
  /** `metrics.jsonl`. */
  readonly metrics: string;
  /** Whether the folder held this run before. */
  readonly resumed: boolean;
  /**
   * Writes `config.json`, which makes the folder that of the run, and takes away what said how it
   * ended before. Called late: a run that cannot start leaves a folder that can be used again.
   */
  begin(): Promise<void>;
  /** @throws {UserError} where the disk is full or the folder cannot be written. */
  write(name: string, data: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const metricsName = 'metrics.jsonl';

/** `run.json`: written last, with the outcome. */
export const outcomeName = 'run.json';

/**
 * Samples and curves of a run below a dataset would become images of it.
 *
 * @throws {UserError} where the run is in one of the folders with images.
 */
export async function requireRunApart(folders: {
  readonly run: string;
  readonly synthetic: string;
  readonly real: string;
}): Promise<void> {
  for (const side of ['synthetic', 'real'] as const) {
    if (await lies(folders.run, { within: folders[side] })) {
      throw new UserError(
        `Expected a folder for the run apart from the images, got ${folders.run} within --${side} ${folders[side]}. Choose a folder outside.`,
      );
    }
  }
}

/**
 * Opens a folder for a new run, or with `resume` for the run it holds.
 *
 * @throws {UserError} where the folder holds a run and `resume` is not set, holds another run than
 *   the described one, holds anything else, is in use, or cannot be written.
 */
export async function openRunFolder(
  path: string,
  description: RunDescription,
  { resume }: { readonly resume: boolean },
): Promise<RunFolder> {
  // Once before anything is made, so that a mistyped path stays as it is; once when it is ours.
  await checkContent(path, resume);
  const folders = [path, join(path, 'checkpoints'), join(path, 'samples')];
  await makeFolder(path);
  const release = await lockFolder(path, 'lifelike train');
  try {
    const resumed = await checkContent(path, resume);
    if (resumed && !resume) {
      throw new UserError(
        `Expected a new folder for the run, got one that holds a run: ${path}. Add --resume to go on with it, or choose another folder.`,
      );
    }
    if (resumed) requireSameRun(path, await readRunDescription(path), description);
    for (const folder of folders) await makeFolder(folder);
    await removeTemporaryFiles(path);
    return createRunFolder(path, description, { resumed, release });
  } catch (error) {
    await release();
    throw error;
  }
}

function createRunFolder(
  path: string,
  description: RunDescription,
  { resumed, release }: { readonly resumed: boolean; readonly release: () => Promise<void> },
): RunFolder {
  const write = (name: string, data: string | Uint8Array) =>
    explainingRunErrors(join(path, name), () => writeFileAtomically(join(path, name), data));
  return {
    path,
    checkpoints: join(path, 'checkpoints'),
    samples: join(path, 'samples'),
    metrics: join(path, metricsName),
    resumed,
    begin: async () => {
      const file = join(path, descriptionName);
      const text = `${JSON.stringify(description, null, 2)}\n`;
      // Not as the other files: where it cannot be written there is no run to resume.
      await explainingFileErrors(file, () => writeFileAtomically(file, text));
      await rm(join(path, outcomeName), { force: true });
    },
    write,
    close: release,
  };
}

/** Whether the folder holds a run; an absent or empty one holds none. */
async function checkContent(path: string, resume: boolean): Promise<boolean> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    if (error.code !== 'ENOTDIR') throw explainFileError(error, path);
    throw new UserError(`Expected a folder for the run, got a file: ${path}. Choose another path.`);
  });
  if (names.includes(descriptionName)) return true;
  for (const name of names.filter((each) => !each.startsWith('.'))) {
    if (await isEmptyPart(path, name)) continue;
    throw new UserError(
      `Expected an empty folder for the run, got one with other files (${name}): ${path}. Choose another folder.`,
    );
  }
  if (resume) {
    throw new UserError(
      `Expected a run to resume in ${path}, got none. Leave --resume out to begin one.`,
    );
  }
  return false;
}

/** What a run makes before its `config.json`, and a failed start leaves behind: all empty. */
async function isEmptyPart(path: string, name: string): Promise<boolean> {
  if (name === metricsName) return (await stat(join(path, name))).size === 0;
  if (name !== 'checkpoints' && name !== 'samples') return false;
  const inside = await readdir(join(path, name)).catch(() => ['no folder']);
  return inside.length === 0;
}
