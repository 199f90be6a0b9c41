import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { areNested, lies } from './nested-folders.ts';
import { temporaryFolder } from './testing/folders.ts';

it('knows what lies in a folder, through links and before it exists', async () => {
  const root = await temporaryFolder();
  const outer = join(root, 'outer');
  await mkdir(outer);
  await symlink(outer, join(root, 'link'));
  expect(await lies(outer, { within: outer })).toBe(true);
  expect(await lies(join(root, 'link/new/deep'), { within: outer })).toBe(true);
  expect(await lies(join(root, 'outer-two'), { within: outer })).toBe(false);
  expect(await lies(root, { within: outer })).toBe(false);
  expect(await areNested(root, outer)).toBe(true);
  expect(await areNested(join(root, '..outer'), outer)).toBe(false);
});
