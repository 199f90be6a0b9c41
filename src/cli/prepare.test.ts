import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const render = fileURLToPath(new URL('../faces/fixtures/render.png', import.meta.url));

function lifelike(...argv: readonly string[]) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [program, ...argv], (error, stdout, stderr) => {
      resolve({ code: (error?.code as number | undefined) ?? 0, stdout, stderr });
    });
  });
}

it('prepares a folder and ends with one JSON line', async () => {
  const folder = await temporaryFolder();
  const [input, out] = [join(folder, 'photographs'), join(folder, 'crops')];
  await mkdir(input);
  await copyFile(render, join(input, 'face.png'));
  const argv = ['prepare', '--input', input, '--out', out, '--size', '48', '--json'];
  const { code, stdout } = await lifelike(...argv, '--set', 'drop.fill=1', '--grayscale');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    out,
    photographs: 1,
    photographsWithFace: 1,
    crops: 1,
  });
  const [line] = (await readFile(join(out, 'metadata.jsonl'), 'utf8')).split('\n');
  expect(JSON.parse(line)).toMatchObject({ file_name: 'face-1.png', source: 'face.png' });
});

it('refuses photographs that give no crop at all, by name and reason', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'text.png'), 'hello');
  const argv = ['prepare', '--input', folder, '--out', join(await temporaryFolder(), 'out')];
  const { code, stderr } = await lifelike(...argv);
  expect(code).toBe(2);
  expect(stderr).toContain('got none that gives a crop out of 1: 1 unreadable');
  expect(stderr).toContain('text.png holds no PNG, JPEG or WebP data');
});

it('answers mistakes with exit code 2 and a suggestion', async () => {
  const folder = await temporaryFolder();
  const argv = ['prepare', '--input', folder, '--out', join(folder, 'out')];
  const empty = await lifelike(...argv);
  expect([empty.code, empty.stderr]).toEqual([
    2,
    expect.stringContaining('Expected a folder of images'),
  ]);
  const misspelt = await lifelike(...argv, '--set', 'framing.drows=3');
  expect([misspelt.code, misspelt.stderr]).toEqual([2, expect.stringContaining('"framing.draws"')]);
});
