import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const lifelike = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [lifelike, 'render', ...args], (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lifelike-render-cli-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('renders with flags and configuration keys, and prints its result as JSON', async () => {
  const out = join(root, 'faces');
  const args = ['--out', out, '--count', '2', '--size', '32', '--jobs', '1', '--grayscale'];
  const { code, stdout } = await run(...args, '--set', 'hair.none=1', '--json');
  expect(code).toBe(0);
  const result = JSON.parse(stdout.trim().split('\n').at(-1)!);
  expect(result).toMatchObject({ out, outcome: 'finished', images: 2, rendered: 2 });
  expect(result.distribution.images).toBe(2);
  expect(await readdir(out)).toEqual(expect.arrayContaining(['000001.png', 'metadata.jsonl']));
});

test('a misspelt key is a mistake of the user, with a suggestion, and writes nothing', async () => {
  const out = join(root, 'nothing');
  const { code, stderr } = await run('--out', out, '--set', 'pose.yow.mean=3');
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean "pose.yaw.mean"?');
  expect(await readdir(root)).not.toContain('nothing');
});
