import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** The path without links; what does not exist yet is taken as written. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPathOf(parent), basename(path));
  }
}

/** Whether `inner` is `outer` or lies in it, whatever links lead there; neither needs to exist. */
export async function lies(inner: string, { within }: { readonly within: string }) {
  const path = relative(await realPathOf(resolve(within)), await realPathOf(resolve(inner)));
  return path === '' || (!isAbsolute(path) && path.split(/[\\/]/)[0] !== '..');
}

/** Whether one of two folders is the other or lies in it. */
export async function areNested(one: string, other: string): Promise<boolean> {
  return (await lies(one, { within: other })) || (await lies(other, { within: one }));
}
