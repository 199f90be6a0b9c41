import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { noiseImage, put } from '../data/testing/images.ts';
import { negative } from '../refine/testing/models.ts';
import {
  type Folders,
  filesOf,
  folders,
  hashesOf,
  linesOf,
} from '../refine/testing/refine-folder.ts';

const lifelike = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function start(...args: readonly string[]): Started {
  const child = spawn(process.execPath, [lifelike, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk) => {
      texts[name] += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, ended: ended.then((code) => ({ code, ...texts })) };
}

const run = (...args: readonly string[]) => start(...args).ended;

const refineArguments = ({ model, input, output }: Folders, ...more: readonly string[]) =>
  ['refine', '--model', model, '--input', input, '--out', output, ...more] as const;

async function manyImages(count: number): Promise<Folders> {
  const given = await folders(negative());
  for (let i = 0; i < count; i++) {
    await put(given.input, `${i}.png`, await noiseImage(96, 96, 3, i).png().toBuffer());
    await put(given.input, `${i}.pts`, `points of ${i}\n`);
  }
  return given;
}

/** How many lines the log of a folder has. */
async function lineCount(output: string): Promise<number> {
  const text = await readFile(join(output, 'refinement.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').length - 1;
}

/** Sends a signal as soon as the first images are there. */
async function signalInTheMiddle({ child }: Started, output: string, name: NodeJS.Signals) {
  while ((await lineCount(output)) < 5 && child.exitCode === null) await setTimeout(2);
  child.kill(name);
}

async function expectSameAsStraight(given: Folders): Promise<void> {
  const straight = { ...given, output: `${given.output}-straight` };
  expect((await run(...refineArguments(straight))).code).toBe(0);
  const [expected, got] = [await filesOf(straight.output), await filesOf(given.output)];
  expect(hashesOf(got)).toEqual(hashesOf(expected));
  expect([...new Set(linesOf(got))]).toEqual(linesOf(expected));
}

test('killed in the middle it leaves whole images; the next run gives the same bytes', async () => {
  const count = 150;
  const given = await manyImages(count);
  const killed = start(...refineArguments(given));
  await signalInTheMiddle(killed, given.output, 'SIGKILL');
  await killed.ended;
  const names = (await readdir(given.output)).filter((name) => /^\d+\.png$/.test(name));
  expect(names.length).toBeGreaterThan(0);
  expect(names.length).toBeLessThan(count);
  for (const name of names) {
    const { data } = await sharp(join(given.output, name))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(data.length).toBe(96 * 96 * 3);
  }
  const second = await run(...refineArguments(given, '--json'));
  expect(second.code).toBe(0);
  const result = JSON.parse(second.stdout);
  expect(result.earlier).toBeGreaterThanOrEqual(5);
  expect(result).toMatchObject({ outcome: 'finished', written: count - result.earlier });
  await expectSameAsStraight(given);
});

test('Ctrl-C finishes what is under way and ends with 130; the next run does the rest', async () => {
  const given = await manyImages(150);
  const started = start(...refineArguments(given, '--json'));
  await signalInTheMiddle(started, given.output, 'SIGINT');
  const first = await started.ended;
  expect(first.code).toBe(130);
  const { written, outcome } = JSON.parse(first.stdout);
  expect(outcome).toBe('interrupted');
  expect(await lineCount(given.output)).toBe(written);
  expect((await readdir(given.output)).filter((name) => name.startsWith('.'))).toEqual([
    '.refine.json',
  ]);
  const second = await run(...refineArguments(given));
  expect(second).toMatchObject({ code: 0 });
  expect(second.stdout).toContain(`Refined ${150 - written} images (and ${written} earlier) into`);
  await expectSameAsStraight(given);
});

test('a second process is refused while the first one works', async () => {
  const given = await manyImages(150);
  const first = start(...refineArguments(given));
  // Held still, it cannot be done before the second one has started.
  await signalInTheMiddle(first, given.output, 'SIGSTOP');
  const second = await run(...refineArguments(given));
  expect(second.code).toBe(2);
  expect(second.stderr).toMatch(/^Expected a folder that no other run uses, got .*process \d+/);
  first.child.kill('SIGCONT');
  expect((await first.ended).code).toBe(0);
  await expectSameAsStraight(given);
});

test('the report says what was changed and left out', async () => {
  const given = await folders(negative(1));
  await put(given.input, 'a.jpg', await noiseImage(8, 8, 3).jpeg().toBuffer());
  await put(given.input, 'b.png', 'text');
  const { code, stdout, stderr } = await run(...refineArguments(given, '--max-broken', '0.5'));
  expect(code).toBe(0);
  expect(stderr).toContain('b.png holds no PNG, JPEG or WebP data; left out\n');
  expect(stdout).toMatch(/^1 image\(s\) were coloured and are grey now/);
  expect(stdout).toContain('1 image(s) are JPEG, written at quality 95, 4:4:4.\n');
  expect(stdout).toContain('1 image(s) left out, first b.png (holds no PNG, JPEG or WebP data).\n');
  expect(stdout).toMatch(/Refined 1 images into .*refinement\.jsonl\.\n$/);
});

test('export writes the refiner of a run', async () => {
  const { input, output, model } = await folders(negative());
  await writeFile(join(input, 'refiner.onnx'), await readFile(model));
  const file = join(output, 'x.onnx');
  const { code, stdout } = await run('export', '--run', input, '--out', file, '--json');
  expect(code).toBe(0);
  const expected = { out: file, channels: 3, size: '64x48', preset: 'made-up' };
  expect(JSON.parse(stdout)).toMatchObject(expected);
  expect(await readFile(file)).toEqual(await readFile(model));
});

test('mistakes end with 2 and say what to do', async () => {
  const given = await folders(negative());
  await put(given.input, 'a.png', await noiseImage(8, 8, 3).png().toBuffer());
  const { model, input, output } = given;
  const empty = join(input, '..', 'empty');
  await mkdir(empty);
  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [['refine', '--modle', model], /^Expected a flag of lifelike refine, got "--modle".*"--model"/],
    [['refine', '--model', model, '--input', input], /^Expected --out DIR after lifelike refine/],
    [
      refineArguments({ ...given, input: `${input}-x` }),
      /^Expected a folder of images at .*nothing/,
    ],
    [refineArguments({ ...given, input: empty }), /^Expected a folder of images .*got none/],
    [
      refineArguments({ ...given, model: empty }),
      /^Expected a run folder or an ONNX file, got a f/,
    ],
    [refineArguments({ ...given, output: input }), /^Expected an output folder apart from/],
    [refineArguments(given, '--set', 'batchsize=2'), /"?batchsize"?.*batchSize/],
    [refineArguments(given, '--device', 'gpu'), /^Expected --device to be one of/],
    [refineArguments(given, '--device', 'coreml'), /^Expected a device that is there/],
    [refineArguments(given, '--max-broken', '5'), /^Expected --max-broken .* from 0 to 1, got "5"/],
    [['export', '--run', empty, '--out', join(empty, 'x')], /^Expected a run folder or an ONNX/],
  ];
  for (const [args, message] of mistakes) {
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
  }
  await expect(readdir(output)).rejects.toThrow('ENOENT');
});
