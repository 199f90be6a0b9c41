import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { type AppendLog, openAppendLog } from '../files/append-log.ts';
import { removeTemporaryFiles, writeFileAtomically } from '../files/atomic-file.ts';
import { lockFolder } from '../files/folder-lock.ts';
import { readJsonFile } from '../files/json-file.ts';
import { readJsonLines } from '../files/jsonl.ts';
import { makeFolder } from '../files/make-folder.ts';
import type { TrainConfig } from './config.ts';

/** `config.json`: what decided the run, beside the images themselves. */
export interface RunDescription {
  readonly preset: string;
  readonly config: TrainConfig;
  /** Dotted keys whose value is not that of the preset. */
  readonly changed: readonly string[];
  readonly synthetic: string;
  readonly real: string;
  /** Hashes of the lists of images, which decide the batches. */
  readonly imageLists: { readonly synthetic: string; readonly real: string };
  readonly device: string;
}

/** A step's line in `metrics.jsonl`. */
export type MetricsLine = Readonly<Record<string, number | string>>;

/** The folder of a run, held by this process until `close`. */
export interface RunFolder {
  readonly path: string;
  readonly checkpoints: string;
  readonly samples: string;
  /** Whether the folder held a run before. */
  readonly resumed: boolean;
  /** Keeps the first `count` lines of `metrics.jsonl`, byte for byte, and gives their values. */
  startMetrics(count: number): Promise<MetricsLine[]>;
  appendMetrics(line: MetricsLine): Promise<void>;
  write(name: string, data: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const configName = 'config.json';
const metricsName = 'metrics.jsonl';

/** Keys that a resumed run may change. */
const changeable = new Set(['config.steps', 'device']);

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
  const before = await describedRun(path);
  if (before === undefined && resume) {
    throw new UserError(`Expected a run to resume in ${path}, got none. Leave --resume out.`);
  }
  if (before !== undefined && !resume) {
    throw new UserError(
      `Expected a new folder for the run, got one that holds a run: ${path}. Add --resume to go on with it, or choose another folder.`,
    );
  }
  if (before !== undefined) refuseOther(path, before, description);
  const folders = [path, join(path, 'checkpoints'), join(path, 'samples')];
  for (const folder of folders) await makeFolder(folder);
  const release = await lockFolder(path, 'lifelike train');
  try {
    for (const folder of folders) await removeTemporaryFiles(folder);
    await writeFileAtomically(join(path, configName), `${JSON.stringify(description, null, 2)}\n`);
  } catch (error) {
    await release();
    throw error;
  }
  return createRunFolder(path, before !== undefined, release);
}

function createRunFolder(path: string, resumed: boolean, release: () => Promise<void>): RunFolder {
  let log: AppendLog | undefined;
  return {
    path,
    checkpoints: join(path, 'checkpoints'),
    samples: join(path, 'samples'),
    resumed,
    startMetrics: async (count) => {
      const lines = (await readJsonLines(join(path, metricsName))).slice(0, count);
      const text = lines.map((line) => `${line.text}\n`).join('');
      await writeFileAtomically(join(path, metricsName), text);
      log = await openAppendLog(join(path, metricsName));
      return lines.map(({ value }) => value as MetricsLine);
    },
    appendMetrics: async (line) => log?.append(line),
    write: (name, data) => writeFileAtomically(join(path, name), data),
    close: async () => {
      await log?.close();
      await release();
    },
  };
}

async function describedRun(path: string): Promise<RunDescription | undefined> {
  const file = join(path, configName);
  const exists = await stat(file).then(
    () => true,
    () => false,
  );
  if (exists) return (await readJsonFile(file)) as RunDescription;
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code !== 'ENOTDIR') throw error;
    throw new UserError(`Expected a folder for the run, got a file: ${path}. Choose another path.`);
  });
  const foreign = names.filter((name) => !name.startsWith('.') && !isOurs(name));
  if (foreign.length > 0) {
    throw new UserError(
      `Expected an empty folder for the run, got one with other files (${foreign[0]}): ${path}. Choose another folder.`,
    );
  }
  return undefined;
}

/** Folders that a run makes before its `config.json`, which a kill in between leaves behind. */
function isOurs(name: string): boolean {
  return name === 'checkpoints' || name === 'samples';
}

function refuseOther(path: string, before: RunDescription, now: RunDescription): void {
  const old = leaves(before);
  const differing = [...leaves(now)].flatMap(([key, value]) => {
    const ignored = changeable.has(key) || key.startsWith('changed') || isPath(key);
    return ignored || old.get(key) === value
      ? []
      : [`${key.replace(/^config\./, '')} (${old.get(key)} before, ${value} now)`];
  });
  if (differing.length === 0) return;
  throw new UserError(
    `Expected the configuration of the run in ${path}, got other values of ${differing.join(', ')}. Only steps, minutes and device may change in a resumed run; use these values or start a new run.`,
  );
}

/** The folders may have moved: their lists of images decide. */
function isPath(key: string): boolean {
  return key === 'synthetic' || key === 'real';
}

function leaves(value: unknown, prefix = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[prefix, String(value)]]);
  return new Map(
    Object.entries(value).flatMap(([key, child]) => [
      ...leaves(child, prefix === '' ? key : `${prefix}.${key}`),
    ]),
  );
}

/** The description of the run that a folder holds. @throws {UserError} where it holds none. */
export async function readRunDescription(path: string): Promise<RunDescription> {
  const text = await readFile(join(path, configName), 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new UserError(
      `Expected a run folder with ${configName}, got ${path}. Give the folder that train --run wrote.`,
    );
  }
  return (await readJsonFile(join(path, configName))) as RunDescription;
}
