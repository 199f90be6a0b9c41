import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyFileAtomically, removeTemporaryFiles, writeFileAtomically } from './atomic-file.ts';
import { temporaryFolder } from './testing/folders.ts';

test('a file is replaced as a whole and nothing is left beside it', async () => {
  const folder = await temporaryFolder();
  await writeFileAtomically(join(folder, 'a'), 'old');
  await writeFileAtomically(join(folder, 'a'), Buffer.from('new'));
  expect(await readFile(join(folder, 'a'), 'utf8')).toBe('new');
  expect(await readdir(folder)).toEqual(['a']);
});

test('a failed write leaves nothing behind', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'a'));
  await expect(writeFileAtomically(join(folder, 'a'), 'x')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['a']);
});

test('a copy has the same bytes and time, and is made again once they differ', async () => {
  const folder = await temporaryFolder();
  const [from, to] = [join(folder, 'from'), join(folder, 'deep/er/to')];
  await writeFile(from, Buffer.from([0, 255, 10]));
  await utimes(from, 1000.25, 2000.125);
  await copyFileAtomically(from, to);
  expect([...(await readFile(to))]).toEqual([0, 255, 10]);
  expect((await stat(to)).mtimeMs).toBe((await stat(from)).mtimeMs);
  const { ino } = await stat(to);
  await copyFileAtomically(from, to);
  expect((await stat(to)).ino).toBe(ino);
  await writeFile(from, Buffer.from([1, 2, 3]));
  await copyFileAtomically(from, to);
  expect([...(await readFile(to))]).toEqual([1, 2, 3]);
});

test('what killed writers left is removed, and nothing else', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'sub'));
  for (const name of ['.a.png.12-0123abcd.tmp', 'sub/.b.12-0123abcd.tmp', '.x.tmp', 'sub/c.tmp']) {
    await writeFile(join(folder, name), 'x');
  }
  await removeTemporaryFiles(folder);
  expect((await readdir(folder, { recursive: true })).sort()).toEqual([
    '.x.tmp',
    'sub',
    'sub/c.tmp',
  ]);
});
