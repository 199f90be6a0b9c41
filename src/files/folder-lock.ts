import { randomBytes } from 'node:crypto';
import { open, readFile, rename, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { explainFileError } from './file-error.ts';

const lockName = '.lifelike.lock';

/** Lock files of this process: they tell a second run in it from a dead one with the same pid. */
const held = new Set<string>();

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly purpose: string;
}

function parseOwner(text: string): Owner | undefined {
  try {
    const value = JSON.parse(text) as Partial<Owner> | null;
    return typeof value?.pid === 'number' && typeof value.host === 'string'
      ? { pid: value.pid, host: value.host, purpose: String(value.purpose) }
      : undefined;
  } catch {
    return undefined;
  }
}

function isDead(owner: Owner, path: string): boolean {
  if (owner.host !== hostname()) return false;
  if (owner.pid === process.pid) return !held.has(path);
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function tryCreate(path: string, content: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(content);
    } catch (error) {
      await unlink(path).catch(() => {});
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw explainFileError(error, path);
  }
}

/** Moves a dead owner's lock aside; where another process was faster, its lock is put back. */
async function removeDeadLock(path: string, content: string): Promise<void> {
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  await rename(path, aside).catch(() => {});
  const moved = await readFile(aside, 'utf8').catch(() => undefined);
  if (moved === undefined) return;
  if (moved === content) await unlink(aside);
  else await rename(aside, path);
}

/**
 * Takes a folder for one run, so that two never write into it at once, and returns the function
 * that gives it back. The lock of a process that is dead (same host, no such pid) is taken over.
 *
 * @throws {UserError} where a living process, or one on another host, holds the folder.
 */
export async function lockFolder(directory: string, purpose: string): Promise<() => Promise<void>> {
  const path = join(resolve(directory), lockName);
  const mine: Owner = { pid: process.pid, host: hostname(), purpose };
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await tryCreate(path, JSON.stringify(mine))) {
      held.add(path);
      return async () => {
        held.delete(path);
        await unlink(path).catch(() => {});
      };
    }
    const content = await readFile(path, 'utf8').catch(() => '');
    const owner = parseOwner(content);
    if (owner === undefined || !isDead(owner, path)) {
      const who =
        owner === undefined
          ? 'one that another run uses'
          : `one that "${owner.purpose}" uses (process ${owner.pid} on ${owner.host})`;
      throw new UserError(
        `Expected a folder that no other run uses, got ${who}: ${directory}. Wait until it is done or choose another folder; if no such run exists, remove ${path}.`,
      );
    }
    await removeDeadLock(path, content);
  }
  throw new UserError(
    `Expected a folder that no other run uses, got one that several runs want at once: ${directory}. Choose another folder.`,
  );
}
