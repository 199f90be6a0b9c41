import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../base/user-error.ts';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { defaultCacheFolder, temporaryCacheFolder } from '../../files/cache-folder.ts';
import { explainingFileErrors } from '../../files/file-error.ts';
import { makeFolder } from '../../files/make-folder.ts';

/** What was computed from content before, one small file a value. */
export interface ContentCache {
  /** The value of `kind` for this content, or what `compute` gives, which is then kept. */
  remember(
    kind: string,
    content: readonly string[],
    compute: () => Promise<Uint8Array>,
  ): Promise<Uint8Array>;
}

/**
 * A cache in a folder, which several processes may use at once. A value is filed under a hash of
 * its kind and of what it was computed from, so nothing has to be invalidated. A value that cannot
 * be kept, on a full disk, costs time alone.
 *
 * @throws {UserError} where the folder cannot be made.
 */
export async function openContentCache(folder: string): Promise<ContentCache> {
  await makeFolder(folder);
  let isWritable = true;
  const made = new Set<string>();
  return {
    remember: async (kind, content, compute) => {
      const key = hashOf(Buffer.from(JSON.stringify([kind, ...content])));
      const directory = join(folder, key.slice(0, 2));
      const path = join(directory, key.slice(2));
      const kept = await readFile(path).catch(() => undefined);
      if (kept !== undefined) return kept;
      const value = await compute();
      if (!isWritable) return value;
      try {
        if (!made.has(directory)) await makeFolder(directory);
        made.add(directory);
        await explainingFileErrors(path, () => writeFileAtomically(path, value));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        isWritable = false;
      }
      return value;
    },
  };
}

/**
 * The cache in the folder of the user, or in the folder of temporary files where that one cannot be
 * made.
 *
 * @throws {UserError} where neither can.
 */
export async function openDefaultCache(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ContentCache> {
  try {
    return await openContentCache(defaultCacheFolder(environment));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return openContentCache(temporaryCacheFolder());
  }
}

/** SHA-256 in hexadecimal digits. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 of a file's bytes. */
export async function hashOfFile(path: string): Promise<string> {
  return hashOf(await readFile(path));
}
