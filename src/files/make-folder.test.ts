import { existsSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';
import { temporaryFolder } from './testing/folders.ts';

describe('makeFolder', () => {
  it('makes all that is missing on the way, and keeps what is there', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'a'));
    await writeFile(join(folder, 'a', 'kept'), 'x');
    await makeFolder(join(folder, 'a', 'b', 'c'));
    await makeFolder(join(folder, 'a', 'b', 'c'));
    expect((await stat(join(folder, 'a', 'b', 'c'))).isDirectory()).toBe(true);
    expect((await stat(join(folder, 'a', 'kept'))).size).toBe(1);
  });

  it('says where a file is in the way', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), 'x');
    await expect(makeFolder(join(folder, 'file'))).rejects.toThrow('got a file');
    await expect(makeFolder(join(folder, 'file', 'below'))).rejects.toThrow('got a file');
  });

  it.skipIf(!existsSync('/proc/self'))('ends where nothing can be made', async () => {
    await expect(makeFolder('/proc/folder/below')).rejects.toThrow('Expected a place where');
  });
});
