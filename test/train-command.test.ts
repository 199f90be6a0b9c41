import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../src/files/testing/folders.ts';
import { metricsOf, resultsOf, tinyFolders, tinyValues } from '../src/train/testing/tiny-run.ts';

const lifelike = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

type Folders = Awaited<ReturnType<typeof tinyFolders>>;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The flags of a tiny run; its configuration comes from a file. */
async function flagsOf({ synthetic, real, run }: Folders): Promise<string[]> {
  const config = join(run, '..', 'tiny.json');
  await writeFile(config, JSON.stringify(tinyValues));
  const folders = ['--synthetic', synthetic, '--real', real, '--run', run];
  return ['train', ...folders, '--preset', 'simgan-faces', '--config', config];
}

/** Runs the command line; sends `signal` once the run has logged `lines` steps. */
function start(
  args: readonly string[],
  kill?: { readonly run: string; readonly lines: number; readonly signal: NodeJS.Signals },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [lifelike, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    let sent = false;
    const watcher =
      kill &&
      watch(join(kill.run, '..'), { recursive: true }, async () => {
        const text = await readFile(join(kill.run, 'metrics.jsonl'), 'utf8').catch(() => '');
        if (sent || text.split('\n').length <= kill.lines) return;
        sent = true;
        child.kill(kill.signal);
      });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      watcher?.close();
      resolve({ code, signal, stdout, stderr });
    });
  });
}

describe('lifelike train', () => {
  it('gives the same after Ctrl-C, kill, SIGTERM and three resumes as in one go', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const flags = await flagsOf(folders);
    const straight = { ...folders, run: join(folders.run, '..', 'straight') };
    const whole = await start([...(await flagsOf(straight)), '--json']);
    expect(whole.code).toBe(0);
    expect(JSON.parse(whole.stdout)).toMatchObject({ outcome: 'finished', steps: 12 });
    expect(whole.stderr).toContain('λ 0.75 (losses reduced by mean)');

    const { run } = folders;
    const interrupted = await start(flags, { run, lines: 2, signal: 'SIGINT' });
    expect([interrupted.code, interrupted.stdout]).toEqual([
      130,
      expect.stringContaining('Interrupted and saved'),
    ]);
    const record = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'));
    expect(record.outcome).toBe('interrupted');

    const killed = await start([...flags, '--resume'], { run, lines: 8, signal: 'SIGKILL' });
    expect(killed.signal).toBe('SIGKILL');
    const terminated = await start([...flags, '--resume'], { run, lines: 13, signal: 'SIGTERM' });
    expect(terminated.code).toBe(130);
    expect((await metricsOf(run)).length).toBeGreaterThanOrEqual(13);

    // What the run began with is in its folder: nobody needs to repeat it.
    const bare = flags.toSpliced(flags.indexOf('--config'), 2);
    const finished = await start([...bare, '--resume']);
    expect([finished.code, finished.stdout]).toEqual([
      0,
      expect.stringContaining('Finished after 12 iterations'),
    ]);
    expect(await resultsOf(run)).toEqual(await resultsOf(straight.run));
  });

  it('refuses what is misspelt or not there, with code 2 and what to do', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const flags = await flagsOf(folders);
    const without = (flag: string) => flags.toSpliced(flags.indexOf(flag), 2);
    const cases: readonly (readonly [readonly string[], string])[] = [
      [[...flags, '--step', '3'], 'Did you mean "--steps"?'],
      [[...flags, '--preset', 'simgan-face'], 'Did you mean "simgan-faces"?'],
      [[...flags, '--set', 'refiner.architecture=simgan-eye'], 'Did you mean "simgan-eyes"?'],
      [[...flags, '--set', 'learningRate.scheduel=step'], 'Did you mean "learningRate.schedule"?'],
      [[...flags, '--device', 'cuda'], 'Expected a device that is there, got --device cuda'],
      [[...flags, '--resume'], 'Expected a run to resume'],
      [[...without('--real'), '--real', join(folders.real, 'x')], 'Expected a folder of images'],
      [without('--synthetic'), 'Expected --synthetic DIR'],
    ];
    for (const [args, text] of cases) {
      const { code, stdout, stderr } = await start(args);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(text)]);
      expect(stderr).not.toContain('    at ');
    }
  });
});
