import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';
import type { CommandContext } from './command.ts';
import { demoCommand } from './demo.ts';
import { createProgress } from './progress.ts';

const context: CommandContext = {
  signal: new AbortController().signal,
  log: () => {},
  progress: createProgress({ write: () => {}, isTerminal: false, columns: () => 80, now: () => 0 }),
};

it('refuses photographs that are not there before it renders', async () => {
  const root = await temporaryFolder();
  const [out, real] = [join(root, 'demo'), join(root, 'nothing')];
  const work = demoCommand.execute({ out, minutes: 1, real }, context);
  await expect(work).rejects.toThrow(/Expected a folder of images at .*nothing, got nothing/);
  expect(await readdir(root)).toEqual([]);
});
