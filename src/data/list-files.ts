import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { explainFileError } from '../files/file-error.ts';

/** A name that is never part of a dataset: hidden, private (`_report`) or set aside. */
function isLeftOut(name: string, isDirectory: boolean): boolean {
  return name.startsWith('.') || name.startsWith('_') || (isDirectory && name === 'rejected');
}

async function isDirectoryLink(path: string): Promise<boolean> {
  // A link that leads nowhere stays listed: it is reported as a broken image by name.
  return stat(path).then(
    (target) => target.isDirectory(),
    () => false,
  );
}

/**
 * All files under a folder as relative names with `/`, in the order of their code units. Names and
 * folders that start with `.` or `_` and folders named `rejected` are left out. Links are followed;
 * one that leads back to a folder it lies in is not.
 *
 * @throws {UserError} where the folder is missing, is a file or cannot be read.
 */
export async function listFiles(directory: string): Promise<string[]> {
  const names: string[] = [];

  async function walk(prefix: string, ancestors: readonly string[]): Promise<void> {
    const entries = await readdir(join(directory, prefix), { withFileTypes: true });
    for (const entry of entries) {
      const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      const link = entry.isSymbolicLink();
      const isDirectory = link ? await isDirectoryLink(join(directory, name)) : entry.isDirectory();
      if (isLeftOut(entry.name, isDirectory)) continue;
      if (!isDirectory) {
        if (link || entry.isFile()) names.push(name);
        continue;
      }
      const real = link
        ? await realpath(join(directory, name))
        : join(ancestors[ancestors.length - 1], entry.name);
      if (!ancestors.includes(real)) await walk(name, [...ancestors, real]);
    }
  }

  try {
    await walk('', [await realpath(directory)]);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      const got = code === 'ENOENT' ? 'nothing' : 'a file';
      throw new UserError(
        `Expected a folder of images at ${directory}, got ${got}. Check the path.`,
      );
    }
    throw explainFileError(error, directory);
  }
  return names.sort();
}
