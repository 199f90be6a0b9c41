import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { put } from '../../data/testing/images.ts';
import { defaultCacheFolder } from '../../files/cache-folder.ts';
import { hashOf, hashOfFile, openContentCache, openDefaultCache } from './content-cache.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cache-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a value is computed once for a kind and content, also by another process', async () => {
  let computed = 0;
  const compute = async () => Uint8Array.of(++computed);
  const cache = await openContentCache(join(folder, 'new'));
  expect([...(await cache.remember('a', ['x'], compute))]).toEqual([1]);
  const again = await openContentCache(join(folder, 'new'));
  expect([...(await again.remember('a', ['x'], compute))]).toEqual([1]);
  expect([...(await again.remember('b', ['x'], compute))]).toEqual([2]);
  expect([...(await again.remember('a', ['x', ''], compute))]).toEqual([3]);
});

test('what failed is not kept', async () => {
  const cache = await openContentCache(folder);
  const fail = () => Promise.reject(new Error('no'));
  await expect(cache.remember('a', ['x'], fail)).rejects.toThrow('no');
  expect([...(await cache.remember('a', ['x'], async () => Uint8Array.of(7)))]).toEqual([7]);
});

test('a value that cannot be kept costs time alone', async () => {
  // A file where the folder of the values would be.
  for (let i = 0; i < 256; i++) await put(folder, i.toString(16).padStart(2, '0'), '');
  let computed = 0;
  const compute = async () => Uint8Array.of(++computed);
  const cache = await openContentCache(folder);
  expect([...(await cache.remember('a', ['x'], compute))]).toEqual([1]);
  expect([...(await cache.remember('a', ['x'], compute))]).toEqual([2]);
});

test('without a folder of the user the temporary one serves', async () => {
  const path = await put(folder, 'file', '');
  const cache = await openDefaultCache({ XDG_CACHE_HOME: path });
  expect([...(await cache.remember('test', [path], async () => Uint8Array.of(3)))]).toEqual([3]);
  await expect(openContentCache(path)).rejects.toThrow(/Expected a folder/);
});

test('hashes and the folder of the user', async () => {
  const path = await put(folder, 'abc', 'abc');
  expect(await hashOfFile(path)).toBe(hashOf(Buffer.from('abc')));
  expect(hashOf(Buffer.from('abc'))).toMatch(/^ba7816bf8f01cfea/);
  expect(defaultCacheFolder({ XDG_CACHE_HOME: '/c' })).toBe(join('/c', 'lifelike'));
  expect(defaultCacheFolder({})).toMatch(/\.cache.lifelike$/);
});
