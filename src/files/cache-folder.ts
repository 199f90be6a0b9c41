import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where values are kept without another choice: `$XDG_CACHE_HOME/lifelike`, else
 * `~/.cache/lifelike`.
 */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'lifelike');
}

/** Where they are kept where nothing can be written there: a folder of this user's own. */
export function temporaryCacheFolder(): string {
  return join(tmpdir(), `lifelike-cache-${process.getuid?.() ?? 'user'}`);
}
