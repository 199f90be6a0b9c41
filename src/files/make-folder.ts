import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainFileError } from './file-error.ts';

/**
 * Makes a folder and those above it; one that exists stays as it is.
 *
 * @throws {UserError} for a read-only place, missing permission, a full disk, or a file on the way.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeMissing(path);
  } catch (error) {
    throw explainFileError(error, path);
  }
}

/**
 * Folder by folder instead of with `recursive`: that says ENOENT below a read-only folder, and
 * never ends below one such as /proc, in which nothing can be made (Node 20).
 */
async function makeMissing(path: string): Promise<void> {
  const parent = dirname(path);
  const known = await stat(parent).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (!known && parent !== path) await makeMissing(parent);
  await mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) throw error;
  });
}
