import { spawn, spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../base/user-error.ts';
import { lockFolder } from './folder-lock.ts';
import { temporaryFolder } from './testing/folders.ts';

const lockName = '.lifelike.lock';

test('a second run is refused, and let in once the first is done', async () => {
  const folder = await temporaryFolder();
  const release = await lockFolder(folder, 'lifelike refine');
  const second = lockFolder(folder, 'lifelike refine');
  await expect(second).rejects.toBeInstanceOf(UserError);
  await expect(second).rejects.toThrow(
    /no other run uses, got one that "lifelike refine" uses \(process \d+ on /,
  );
  await release();
  expect(await readdir(folder)).toEqual([]);
  await (await lockFolder(folder, 'again'))();
});

test('the lock of a dead process is taken over', async () => {
  const folder = await temporaryFolder();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const owner = { pid, host: hostname(), purpose: 'lifelike train' };
  await writeFile(join(folder, lockName), JSON.stringify(owner));
  const release = await lockFolder(folder, 'mine');
  const text = await readFile(join(folder, lockName), 'utf8');
  expect(JSON.parse(text)).toEqual({ pid: process.pid, host: hostname(), purpose: 'mine' });
  await release();
  expect(await readdir(folder)).toEqual([]);
});

test('so is one with the number of this process, left by another before it', async () => {
  const folder = await temporaryFolder();
  const owner = { pid: process.pid, host: hostname(), purpose: 'lifelike train' };
  await writeFile(join(folder, lockName), JSON.stringify(owner));
  await (await lockFolder(folder, 'mine'))();
  expect(await readdir(folder)).toEqual([]);
});

test('a living process, another host and an unreadable lock are respected', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, lockName);
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  try {
    const contents = [
      JSON.stringify({ pid: child.pid, host: hostname(), purpose: 'x' }),
      JSON.stringify({ pid: 1, host: `${hostname()}-other`, purpose: 'x' }),
      '',
    ];
    for (const content of contents) {
      await writeFile(path, content);
      await expect(lockFolder(folder, 'mine')).rejects.toThrow(`remove ${path}`);
      expect(await readFile(path, 'utf8')).toBe(content);
    }
  } finally {
    child.kill();
  }
});

test('of many that want a dead lock at once, one gets it', async () => {
  const folder = await temporaryFolder();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const owner = { pid, host: hostname(), purpose: 'x' };
  await writeFile(join(folder, lockName), JSON.stringify(owner));
  const attempts = Array.from({ length: 8 }, () => lockFolder(folder, 'mine'));
  const results = await Promise.allSettled(attempts);
  expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
});
