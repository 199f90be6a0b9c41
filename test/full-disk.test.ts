import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { UserError } from '../src/base/user-error.ts';
import { temporaryFolder } from '../src/files/testing/folders.ts';
import { renderDataset } from '../src/render/render-dataset.ts';
import { listCheckpoints } from '../src/train/checkpoint.ts';
import { playRun, resultsOf, tinyConfig, tinyFolders } from '../src/train/testing/tiny-run.ts';

/** Mounts a small disk in memory on a folder; false where this is not allowed. */
function mountDisk(folder: string, size: string): boolean {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  if (status !== 0) return false;
  onTestFinished(() => void spawnSync('umount', [folder]));
  return true;
}

it('keeps what is saved when the disk is full, says so, and goes on when there is room', async (context) => {
  const root = await temporaryFolder();
  const disk = join(root, 'disk');
  await mkdir(disk);
  // Two checkpoints of 4.5 MB and a refiner of 1.2 MB fit; a third, before the first goes, does
  // not.
  if (!mountDisk(disk, '12m')) {
    context.skip('mounting a small disk needs rights that this process does not have');
    return;
  }
  const folders = { ...(await tinyFolders(root)), run: join(disk, 'run') };
  const config = tinyConfig({ steps: 9, average: { decay: 0 } });
  await expect(playRun({ ...folders, config })).rejects.toThrow(
    /^Expected free space for .*000000015\.safetensors, got a full disk \(ENOSPC\)\. Free some space, then .*--resume/,
  );
  const checkpoints = join(folders.run, 'checkpoints');
  const saved = ['000000005.safetensors', '000000010.safetensors'];
  expect((await readdir(checkpoints)).sort()).toEqual(saved);
  const record = JSON.parse(await readFile(join(folders.run, 'run.json'), 'utf8'));
  expect(record).toMatchObject({ outcome: 'failed', steps: 7 });

  expect(spawnSync('mount', ['-o', 'remount,size=100m', disk]).status).toBe(0);
  const { outcome } = await playRun({ ...folders, config, resume: true });
  expect(outcome.outcome).toBe('finished');
  expect((await listCheckpoints(checkpoints)).length).toBe(2);
  const straight = { ...folders, run: join(root, 'straight') };
  await playRun({ ...straight, config });
  expect(await resultsOf(folders.run)).toEqual(await resultsOf(straight.run));
});

it('says so where renders fill the disk, and goes on when there is room', async (context) => {
  const disk = await temporaryFolder();
  if (!mountDisk(disk, '256k')) {
    context.skip('mounting a small disk needs rights that this process does not have');
    return;
  }
  const options = { out: disk, count: 12, size: 128, jobs: 1 };
  const failure = await renderDataset(options).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UserError);
  expect(String(failure)).toMatch(/Expected free space for .*, got a full disk \(ENOSPC\)/);
  expect(spawnSync('mount', ['-o', 'remount,size=100m', disk]).status).toBe(0);
  const { images, rendered } = await renderDataset(options);
  expect(images).toBe(12);
  expect(rendered).toBeGreaterThan(0);
});
