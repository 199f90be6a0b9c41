import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainFileError } from './file-error.ts';

async function topmostMissing(path: string): Promise<string> {
  const parent = dirname(path);
  const exists = await stat(parent).then(
    () => true,
    () => false,
  );
  return exists || parent === path ? path : topmostMissing(parent);
}

/**
 * Makes a folder and those above it; one that exists stays as it is.
 *
 * @throws {UserError} for a read-only place, missing permission, a full disk, or a file on the way.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    try {
      await mkdir(path, { recursive: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      // A recursive mkdir below a read-only folder says ENOENT; a plain one says what is the matter.
      await mkdir(await topmostMissing(path));
      await mkdir(path, { recursive: true });
    }
  } catch (error) {
    throw explainFileError(error, path);
  }
}
