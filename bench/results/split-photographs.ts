import { createHash } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { isIdentity } from '../../src/data/identities.ts';
import { copyFileAtomically, writeFileAtomically } from '../../src/files/atomic-file.ts';
import { exists } from '../../src/files/exists.ts';
import { readJsonLines } from '../../src/files/jsonl.ts';
import { makeFolder } from '../../src/files/make-folder.ts';

/** Photographs that refiners are trained on, and those that they never see. */
export interface PhotographSplit {
  readonly training: string;
  readonly heldOut: string;
}

/**
 * Whether a person's photographs are trained on: the first 32 bits of the SHA-256 of who it is, as
 * a share of 2³², below `trainingShare`. All photographs of a person fall on one side, on every
 * machine.
 */
export function isForTraining(identity: string, trainingShare: number): boolean {
  const hash = createHash('sha256').update(identity).digest();
  return hash.readUInt32BE(0) / 2 ** 32 < trainingShare;
}

/**
 * Who is on a crop: its `identity` where the set says so, else the photograph that it was cut from.
 */
export function identityOf(record: {
  readonly file_name: string;
  readonly identity?: unknown;
  readonly source?: unknown;
}): string {
  const { identity, source, file_name } = record;
  if (isIdentity(identity)) return String(identity);
  return parse(typeof source === 'string' ? source : file_name).name;
}

/** Copies prepared photographs into two folders, once; both keep their metadata. */
export async function splitPhotographs(
  prepared: string,
  out: string,
  trainingShare: number,
): Promise<PhotographSplit> {
  const split = { training: join(out, 'training'), heldOut: join(out, 'held-out') };
  if (await exists(out)) return split;
  const unfinished = `${out}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const texts = { training: '', 'held-out': '' };
  for (const { text, value } of await readJsonLines(join(prepared, 'metadata.jsonl'))) {
    const record = value as Parameters<typeof identityOf>[0];
    const side = isForTraining(identityOf(record), trainingShare) ? 'training' : 'held-out';
    const { file_name: name } = record;
    await copyFileAtomically(join(prepared, name), join(unfinished, side, name));
    texts[side] += `${text}\n`;
  }
  for (const side of ['training', 'held-out'] as const) {
    await makeFolder(join(unfinished, side));
    await writeFileAtomically(join(unfinished, side, 'metadata.jsonl'), texts[side]);
  }
  await rename(unfinished, out);
  return split;
}
