import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { noiseImage } from '../data/testing/images.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import type { MetricsLine } from './metrics-log.ts';
import { metricsOf, playRun, tinyConfig, tinyFolders } from './testing/tiny-run.ts';
import { train } from './train.ts';

const timing = ['seconds', 'imagesPerSecond'];
const refinerKeys = ['selfRegularization', 'meanAbsoluteChange', 'refinerGradientNorm'];
const discriminatorKeys = [
  'discriminatorLoss',
  'discriminatorRefined',
  'discriminatorReal',
  'accuracyRefined',
  'accuracyReal',
  'discriminatorGradientNorm',
  'discriminatorLearningRate',
  'historySize',
];

const readJson = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8'));

/** Trains to the end, which must be an error, and gives its message. */
async function failure(options: Parameters<typeof playRun>[0]): Promise<string> {
  return playRun(options).then(
    () => 'no error',
    (error: Error) => error.message,
  );
}

describe('a run', () => {
  let lines: MetricsLine[];
  let config: Record<string, unknown>;
  let record: Record<string, unknown>;
  let files: string[];
  let kinds: string[];
  let curves: { width?: number };

  beforeAll(async () => {
    const root = await mkdtemp(join(tmpdir(), 'lifelike-train-'));
    const folders = await tinyFolders(root);
    const samples = { every: 4, count: 3 };
    const changed = ['size', 'batchSize'];
    const options = { ...folders, changed, config: tinyConfig({ samples, steps: 6 }) };
    const { events, outcome } = await playRun(options);
    kinds = events.map(({ kind }) => kind);
    lines = await metricsOf(folders.run);
    config = await readJson(folders.run, 'config.json');
    record = await readJson(folders.run, 'run.json');
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(record);
    files = (await readdir(folders.run, { recursive: true })).sort();
    curves = await sharp(join(folders.run, 'loss-curves.png')).metadata();
    await rm(root, { recursive: true });
  });

  it('leaves everything that describes it', () => {
    expect(files).toEqual([
      'checkpoints',
      'checkpoints/000000010.safetensors',
      'checkpoints/000000014.safetensors',
      'config.json',
      'loss-curves.png',
      'metrics.jsonl',
      'refiner.onnx',
      'run.json',
      'samples',
      'samples/000004.png',
      'samples/000006.png',
    ]);
    expect(curves.width).toBe(1200);
    const { synthetic, real } = config;
    expect(config).toMatchObject({
      preset: 'simgan-faces',
      changed: ['size', 'batchSize'],
      config: { seed: 1, size: [8, 8], history: { capacity: 6 } },
    });
    expect([synthetic, real]).toEqual([expect.any(String), expect.any(String)]);
  });

  it('logs a line a step with every quantity of its phase', () => {
    expect(lines.map(({ phase, step }) => `${phase} ${step}`)).toEqual([
      ...[1, 2, 3, 4].map((step) => `refiner-pretraining ${step}`),
      ...[1, 2, 3, 4].map((step) => `discriminator-pretraining ${step}`),
      ...[1, 2, 3, 4, 5, 6].map((step) => `adversarial ${step}`),
    ]);
    const keys = (line: MetricsLine) => Object.keys(line).sort();
    const common = ['phase', 'step', ...timing];
    expect(keys(lines[0])).toEqual([...common, ...refinerKeys, 'refinerLearningRate'].sort());
    expect(keys(lines[4])).toEqual([...common, ...discriminatorKeys].sort());
    const refiner = [
      ...refinerKeys,
      'refinerLearningRate',
      'refinerLoss',
      'regularizationWeight',
      'refinerAdversarial',
    ];
    expect(keys(lines[8])).toEqual([...common, ...refiner, ...discriminatorKeys].sort());
    for (const line of lines) {
      for (const [key, value] of Object.entries(line)) {
        if (key !== 'phase') expect([key, Number.isFinite(value)]).toEqual([key, true]);
      }
    }
  });

  it('logs terms that add up to the losses', () => {
    for (const line of lines.slice(8) as Record<string, number>[]) {
      const regularization = 0.5 * line.selfRegularization;
      expect(line.refinerLoss).toBeCloseTo(line.refinerAdversarial + regularization, 5);
      const { discriminatorRefined, discriminatorReal } = line;
      expect(line.discriminatorLoss).toBeCloseTo(discriminatorRefined + discriminatorReal, 5);
    }
  });

  it('fills its history and says how full it is', () => {
    expect(lines.slice(4, 8).map(({ historySize }) => historySize)).toEqual([4, 6, 6, 6]);
  });

  it('ends with how it ended', () => {
    expect(record).toMatchObject({
      outcome: 'finished',
      steps: 6,
      stagnation: [],
      outOfRange: [],
      images: { synthetic: { images: 10, broken: [] }, real: { images: 10, broken: [] } },
      metrics: lines[13],
    });
    expect(kinds[0]).toBe('start');
    expect(kinds.filter((kind) => kind === 'step').length).toBe(14);
    expect(kinds.filter((kind) => kind === 'sample').length).toBe(2);
    expect(kinds.filter((kind) => kind === 'checkpoint').length).toBe(3);
  });
});

describe('a run that stagnates', () => {
  it('says so in its events, its log and its outcome', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    // Nothing moves at this rate.
    const learningRate = { refiner: 1e-12, discriminator: 1e-12 };
    const config = tinyConfig({
      steps: 32,
      pretraining: {},
      refinerStepsPerIteration: 1,
      learningRate,
      stagnation: { window: 20 },
    });
    const { events, outcome } = await playRun({ ...folders, config });
    const notices = events.filter((event) => event.kind === 'stagnation');
    expect(notices.length).toBe(1);
    const [{ message, step }] = notices;
    expect(message).toContain(`Stagnation at iteration ${step}`);
    const lines = await metricsOf(folders.run);
    expect(lines.flatMap((line) => ('stagnation' in line ? [line] : []))).toEqual([
      expect.objectContaining({ step, stagnation: message }),
    ]);
    expect(outcome.stagnation).toEqual([{ step, message }]);
    expect(await readJson(folders.run, 'run.json')).toMatchObject({ stagnation: [{ message }] });
  });
});

describe('a run that cannot go on', () => {
  it('leaves no run behind where it cannot start', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig({ steps: 1, pretraining: {} });
    const absent = await failure({ ...folders, config, device: 'cuda' });
    expect(absent).toContain('Expected a device that is there, got --device cuda');
    expect((await playRun({ ...folders, config })).outcome.outcome).toBe('finished');
  });

  it('refuses folders before it makes one', async () => {
    const root = await temporaryFolder();
    const folders = await tinyFolders(root);
    const config = tinyConfig();
    await rm(folders.real, { recursive: true });
    expect(await failure({ ...folders, config })).toContain('got nothing');
    await writeFile(folders.real, '');
    expect(await failure({ ...folders, config })).toContain('got a file');
    expect(await readdir(root)).not.toContain('run');
  });

  it('refuses a run among the images, where its samples would become some', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    for (const side of ['synthetic', 'real'] as const) {
      const run = join(folders[side], 'runs/first');
      const message = await failure({ ...folders, run, config: tinyConfig() });
      expect(message).toContain(`got ${run} within --${side} ${folders[side]}`);
      expect(await readdir(folders[side])).not.toContain('runs');
    }
  });

  /** Ten sound photographs and some that are cut short, which shows when they are decoded. */
  async function foldersWithCutImages(count: number) {
    const folders = await tinyFolders(await temporaryFolder());
    for (let i = 0; i < count; i++) {
      const path = join(folders.real, `cut-${i}.jpg`);
      await writeFile(path, await noiseImage(40, 40, 3, i).jpeg().toBuffer());
      await truncate(path, 900);
    }
    return folders;
  }

  it('says in run.json why it failed, here too many broken images', async () => {
    const folders = await foldersWithCutImages(2);
    const config = tinyConfig({ pretraining: {} });
    const message = await failure({ ...folders, config });
    expect(message).toMatch(
      /^Expected at most 5 % broken images .* got [12] of 12\..*cut-\d\.jpg is/s,
    );
    const record = await readJson(folders.run, 'run.json');
    expect(record).toMatchObject({ outcome: 'failed', message });
    expect(record.images.real.broken.length).toBeGreaterThan(0);
  });

  it('stops where it diverges, and keeps the checkpoint of before', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig({
      learningRate: { refiner: 1e30, discriminator: 1e30 },
      checkpoints: { every: 1 },
    });
    const message = await failure({ ...folders, config });
    expect(message).toMatch(
      /^Expected finite losses, got .* the training diverged\. Begin a new run/,
    );
    const record = JSON.parse(await readFile(join(folders.run, 'run.json'), 'utf8'));
    expect(record).toMatchObject({ outcome: 'failed', message });
  });

  it('says that the refined images are none any more, and that they were when it is resumed', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig({
      steps: 60,
      pretraining: { refinerSteps: 0, discriminatorSteps: 0 },
      learningRate: { refiner: 0.002 },
      regularization: { weight: 0 },
      adversarial: { loss: 'hinge' },
    });
    const { events, outcome } = await playRun({ ...folders, config });
    const notices = events.filter((event) => event.kind === 'outOfRange');
    expect(notices).toHaveLength(1);
    const [{ step, message }] = notices;
    expect(message).toContain('none any more');
    expect(outcome.outOfRange).toEqual([{ step, message }]);
    const lines = await metricsOf(folders.run);
    expect(lines.filter((line) => 'outOfRange' in line)).toEqual([
      expect.objectContaining({ step, outOfRange: message }),
    ]);

    const longer = { ...config, steps: 61 };
    const resumed = await playRun({ ...folders, config: longer, resume: true });
    expect(resumed.events.filter((event) => event.kind === 'outOfRange')).toEqual([]);
    expect(resumed.outcome.outOfRange).toEqual([{ step, message }]);
  });

  it('leaves out broken images that are allowed, by name and reason', async () => {
    const folders = await foldersWithCutImages(2);
    const config = tinyConfig({ pretraining: {}, steps: 8, data: { maxBroken: 0.2 } });
    const { outcome } = await playRun({ ...folders, config });
    expect(outcome.outcome).toBe('finished');
    expect(outcome.images.real.broken).toEqual([
      { name: 'cut-0.jpg', reason: expect.stringContaining('cut short') },
      { name: 'cut-1.jpg', reason: expect.stringContaining('cut short') },
    ]);
  });

  it('gives its folder back when nobody wants more of its events', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig({ steps: 2, pretraining: {} });
    for await (const event of train({ ...folders, config, preset: 'gan' })) {
      if (event.kind === 'step') break;
    }
    const { outcome } = await playRun({ ...folders, config, resume: true, preset: 'gan' });
    expect(outcome.outcome).toBe('finished');
  });
});
