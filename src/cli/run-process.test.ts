import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const lifelike = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const fixture = fileURLToPath(new URL('./testing/fixture-program.mjs', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script to its end; `onStderr` sees stderr as it grows and may act on the process. */
function run(
  script: string,
  args: readonly string[],
  onStderr: (text: string, pid: number) => void = () => {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
      onStderr(stderr, child.pid as number);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lifelike-cli-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('lifelike', () => {
  it('prints help and version on stdout', async () => {
    const help = await run(lifelike, ['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: lifelike');
    expect(await run(lifelike, ['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' });
  });

  it('refuses a command that is none', async () => {
    const ended = await run(lifelike, ['trian']);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^Expected a command, got "trian"\. /);
    expect(ended.stderr).not.toContain('    at ');
  });
});

describe('a program of the frame, as a process', () => {
  it('prints the report on stdout, progress and log lines on stderr', async () => {
    const ended = await run(fixture, ['paint', '--out', 'x']);
    expect(ended).toMatchObject({ code: 0, stdout: '3 images in x\n' });
    expect(ended.stderr).toMatch(/^a log line\nPainting {2}3\/3 images .*\n$/);
  });

  it('prints one JSON line with --json, configured by file and --set', async () => {
    const config = join(directory, 'config.json');
    await writeFile(config, '{ "batchSize": 4, "history": { "capacity": 5 } }');
    const args = ['paint', '--out', 'x', '--json', '--config', config];
    const ended = await run(fixture, [...args, '--set', 'history.capacity=6', '--set=batchSize=7']);
    expect(ended.code).toBe(0);
    expect(ended.stdout.endsWith('}\n')).toBe(true);
    expect(JSON.parse(ended.stdout)).toEqual({
      out: 'x',
      count: 3,
      config: { batchSize: 7, history: { capacity: 6 } },
    });
  });

  it('shows the configuration keys in the help of a command', async () => {
    const { stdout } = await run(fixture, ['paint', '--help']);
    expect(stdout).toContain('history.capacity  images (default: 100)');
    expect(stdout).toContain('--count <N>');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('saves on %s and ends with 130', async (name) => {
    let sent = false;
    const ended = await run(fixture, ['wait', '--json'], (stderr, pid) => {
      if (!sent && stderr.includes('ready')) {
        sent = true;
        process.kill(pid, name);
      }
    });
    expect(ended.code).toBe(130);
    expect(ended.stderr).toMatch(/Interrupted.*\nsaved\n$/);
    expect(JSON.parse(ended.stdout)).toEqual({ outcome: 'interrupted' });
  });

  it('writes all of a long result before it ends', async () => {
    const { stdout, code } = await run(fixture, ['shout']);
    expect([code, stdout.length]).toEqual([0, 4_000_001]);
  });

  it('does not mind a reader of stdout that left', async () => {
    const child = spawn(process.execPath, [fixture, 'shout'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, stderr]).toEqual([0, '']);
  });
});
