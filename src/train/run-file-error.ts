import { UserError } from '../base/user-error.ts';
import { explainFileError } from '../files/file-error.ts';

/**
 * Runs `action`, which writes `path` of a run; what a user can mend comes out as a `UserError` that
 * says how to go on.
 */
export async function explainingRunErrors<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw explainFileError(error, path);
    throw new UserError(
      `Expected free space for ${path}, got a full disk (${code}). Free some space, then run the command again with --resume: it goes on from the last checkpoint.`,
      { cause: error },
    );
  }
}
