import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../files/testing/folders.ts';
import { refineConfig } from '../config.ts';
import { type RefineEvent, type RefineOptions, type RefineOutcome, refine } from '../refine.ts';
import { putModel } from './models.ts';

/** Paths of a model file, an empty input folder and an output folder that is not there yet. */
export interface Folders {
  readonly model: string;
  readonly input: string;
  readonly output: string;
}

export async function folders(model: Uint8Array): Promise<Folders> {
  const folder = await temporaryFolder();
  const input = join(folder, 'in');
  await mkdir(input);
  return { model: await putModel(folder, model), input, output: join(folder, 'out') };
}

type Given = Partial<RefineOptions> & Folders;

export function start(given: Given): AsyncGenerator<RefineEvent, RefineOutcome> {
  return refine({ config: refineConfig({ threads: 1 }), ...given });
}

/** Refines to the end; gives the outcome with the events. */
export async function refineFolder(
  given: Given,
  onEvent: (event: RefineEvent) => void = () => {},
): Promise<RefineOutcome & { readonly events: readonly RefineEvent[] }> {
  const events: RefineEvent[] = [];
  const work = start(given);
  for (;;) {
    const { done, value } = await work.next();
    if (done) return { ...value, events };
    events.push(value);
    onEvent(value);
  }
}

/** Every file below a folder by name, hidden ones too, with its bytes. */
export async function filesOf(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const files = new Map<string, Buffer>();
  for (const name of names) files.set(name, await readFile(join(folder, name)));
  return files;
}

/** The lines of `refinement.jsonl`, sorted: images end in any order. */
export function linesOf(files: ReadonlyMap<string, Buffer>): string[] {
  return (files.get('refinement.jsonl')?.toString() ?? '').trimEnd().split('\n').sort();
}

/**
 * Hashes of the files but for the log, whose order and repetitions depend on the course of things.
 */
export function hashesOf(files: ReadonlyMap<string, Buffer>): Record<string, string> {
  const entries = [...files].filter(([name]) => name !== 'refinement.jsonl');
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  return Object.fromEntries(entries.map(([name, bytes]) => [name, hash(bytes)]));
}
