import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../files/testing/folders.ts';

/** A file system of 96 KiB of its own, or the test is skipped where mounting is not allowed. */
export async function mountSmallDisk(context: { skip: (note: string) => void }): Promise<string> {
  const folder = await temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96k', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    context.skip('mounting a tmpfs is not permitted here');
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  return folder;
}

/** Changes a mounted file system, with mount's options such as `ro` or `size=4m`. */
export function remount(folder: string, options: string): void {
  execFileSync('mount', ['-o', `remount,${options}`, folder]);
}
