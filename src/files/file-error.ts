import { UserError } from '../base/user-error.ts';

/**
 * An operating system's error about `path` as a `UserError` where a user can mend it (disk full,
 * read-only, no permission, a file where a folder is needed); any other error unchanged.
 */
export function explainFileError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new UserError(
        `Expected free space for ${path}, got a full disk (${code}). Free some space, or write to another disk, and run the command again: it continues where it stopped.`,
        { cause: error },
      );
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new UserError(
        `Expected permission to use ${path}, got ${code === 'EROFS' ? 'a read-only file system' : 'permission denied'} (${code}). Choose another folder or change its permissions.`,
        { cause: error },
      );
    case 'ENOENT':
      return new UserError(
        `Expected a place where files can be made for ${path}, got one where none can (ENOENT). Choose another folder.`,
        { cause: error },
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new UserError(
        `Expected a folder on the way to ${path}, got a file (${code}). Choose another folder or move that file away.`,
        { cause: error },
      );
    default:
      return error;
  }
}

/** Runs `action`; an operating system's error it throws comes out of `explainFileError`. */
export async function explainingFileErrors<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw explainFileError(error, path);
  }
}
