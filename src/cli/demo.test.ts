import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { put } from '../data/testing/images.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { defaultPreset } from '../train/presets.ts';
import type { CommandContext } from './command.ts';
import { demoCommand, demoTraining } from './demo.ts';
import { createProgress } from './progress.ts';

const context: CommandContext = {
  signal: new AbortController().signal,
  log: () => {},
  progress: createProgress({ write: () => {}, isTerminal: false, columns: () => 80, now: () => 0 }),
};

it('trains the default preset but for four values', async () => {
  const { preset, changed, config } = await demoTraining();
  expect(preset).toBe(defaultPreset);
  expect([...changed].sort()).toEqual([
    'regularization.driftTarget',
    'regularization.weight',
    'selection.every',
    'steps',
  ]);
  expect(config).toMatchObject({
    selection: { every: 0 },
    regularization: { weight: 250, driftTarget: 0 },
  });
});

it('refuses photographs that are not there before it renders', async () => {
  const root = await temporaryFolder();
  const [out, real] = [join(root, 'demo'), join(root, 'nothing')];
  const work = demoCommand.execute({ out, minutes: 1, real }, context);
  await expect(work).rejects.toThrow(/Expected a folder of images at .*nothing, got nothing/);
  expect(await readdir(root)).toEqual([]);
});

it('goes on with the photographs that it was begun with, and no others', async () => {
  const root = await temporaryFolder();
  const [begun, own] = [join(root, 'begun'), join(root, 'own')];
  await put(begun, 'renders/000000.png', 'a render');
  await put(own, 'renders/000000.png', 'a render');
  await put(own, 'photographs/0.jpg', 'a photograph');
  const run = (flags: { readonly out: string; readonly real?: string }) =>
    demoCommand.execute({ minutes: 1, real: undefined, ...flags }, context);
  await expect(run({ out: begun })).rejects.toThrow(/Expected --real as the demo in .*begun was/);
  await expect(run({ out: own, real: root })).rejects.toThrow(/Expected no --real as the demo/);
});
