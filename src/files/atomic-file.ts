import { randomBytes } from 'node:crypto';
import { copyFile, open, readdir, rename, stat, unlink, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from './make-folder.ts';

const temporaryName = /^\..+\.\d+-[0-9a-f]{8}\.tmp$/;

/** A name beside `path` that starts with a dot, so that no dataset lists it. */
function temporaryPath(path: string): string {
  const unique = `${process.pid}-${randomBytes(4).toString('hex')}`;
  return join(dirname(path), `.${basename(path)}.${unique}.tmp`);
}

/**
 * Writes a file so that readers see the old content or the new, never a part: temporary name
 * (starting with a dot, so that no dataset lists it), sync, rename. Without `sync` that holds when
 * the program is killed, but not when the machine loses its power.
 */
export async function writeFileAtomically(
  path: string,
  data: string | Uint8Array,
  { sync = true }: { readonly sync?: boolean } = {},
): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(data);
      if (sync) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/**
 * Copies a file byte for byte, creating folders on the way, so that readers see the whole copy or
 * none. The copy keeps the modification time: one of equal size and time is not copied again.
 */
export async function copyFileAtomically(from: string, to: string): Promise<void> {
  const source = await stat(from);
  const existing = await stat(to).catch(() => undefined);
  // Time stamps lose their sub-millisecond digits on the way through utimes.
  const sameTime = existing !== undefined && Math.abs(existing.mtimeMs - source.mtimeMs) < 1;
  if (sameTime && existing.size === source.size) return;
  await makeFolder(dirname(to));
  const temporary = temporaryPath(to);
  try {
    await copyFile(from, temporary);
    await utimes(temporary, source.atime, source.mtime);
    await rename(temporary, to);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** Removes what killed writers left under a folder. Only safe while nobody else writes there. */
export async function removeTemporaryFiles(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !temporaryName.test(entry.name)) continue;
    await unlink(join(entry.parentPath, entry.name));
  }
}
