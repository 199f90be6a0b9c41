import { UserError } from '../base/user-error.ts';

/** What a user can do about an error of the operating system; anything else is a bug. */
const remedies: Readonly<Record<string, readonly [expected: string, remedy: string]>> = {
  ENOSPC: ['room on the disk', 'Free some space or choose a folder on another disk.'],
  EDQUOT: ['room in the disk quota', 'Free some space or choose a folder on another disk.'],
  EACCES: ['permission', 'Change the permissions or choose another path.'],
  EPERM: ['permission', 'Change the permissions or choose another path.'],
  EROFS: ['a place that can be written', 'Choose a folder that is not read-only.'],
  ENOTDIR: ['a folder', 'Choose a path that leads through folders only.'],
  EISDIR: ['a file', 'Choose the path of a file.'],
  EMFILE: ['fewer open files', 'Raise the limit with ulimit -n 4096.'],
  ENFILE: ['fewer open files', 'Close other programs.'],
};

/** The error as a `UserError` where a user can mend it (disk full, no permission); else itself. */
export function explainError(error: unknown): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const known = code === undefined || !syscall ? undefined : remedies[code];
  if (!known) return error;
  const [expected, remedy] = known;
  const place = path === undefined ? '' : ` at ${path}`;
  return new UserError(`Expected ${expected}${place}, got ${code} (${syscall}). ${remedy}`, {
    cause: error,
  });
}

/** Whether an error only says that an `AbortSignal` was aborted. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || isAbortError(error.cause));
}
