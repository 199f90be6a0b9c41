import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';
import type { TrainConfigInput } from './config.ts';
import { metricsOf, playRun, resultsOf, tinyConfig, tinyFolders } from './testing/tiny-run.ts';
import type { TrainEvent } from './train.ts';

const killedRun = fileURLToPath(new URL('./testing/killed-run.mjs', import.meta.url));

/** Trains in a process that kills itself (−9) once `index` steps are done and logged. */
function runUntilKilled(options: object, index: number): void {
  const { signal, stderr } = spawnSync(process.execPath, [killedRun, JSON.stringify(options)], {
    env: { ...process.env, KILL_AT: String(index) },
  });
  expect([signal, stderr.toString()]).toEqual(['SIGKILL', '']);
}

const steps = (events: readonly TrainEvent[]) => events.filter(({ kind }) => kind === 'step');

interface Case {
  readonly name: string;
  readonly values: TrainConfigInput;
  /** Steps of all phases after which the process is killed. */
  readonly killedAt: number;
}

const allOn = {};

const cases: readonly Case[] = [
  { name: 'between two checkpoints', values: allOn, killedAt: 13 },
  { name: 'in the pre-training of the discriminator', values: allOn, killedAt: 7 },
  { name: 'before the first checkpoint', values: allOn, killedAt: 3 },
  {
    name: 'without average and history, with SGD and a schedule',
    values: {
      average: { decay: 0 },
      history: { capacity: 0 },
      optimizer: { name: 'sgd', momentum: 0.9 },
      learningRate: {
        refiner: 1e-3,
        discriminator: 1e-3,
        schedule: 'linear',
        after: 3,
        factor: 0.1,
      },
      gradientClipping: 1,
      channels: 1,
    },
    killedAt: 12,
  },
];

/** What a run gives that nothing interrupts; the same in every folder. */
async function straightResults(values: TrainConfigInput = {}, annotations = {}) {
  const folders = await tinyFolders(await temporaryFolder(), annotations);
  await playRun({ ...folders, config: tinyConfig(values) });
  return resultsOf(folders.run);
}

const straightResultsOf12Steps = (() => {
  let results: ReturnType<typeof straightResults> | undefined;
  return () => {
    results ??= straightResults();
    return results;
  };
})();

/** Two directions, a history of pairs, augmentation, gradient penalty, λ that adapts. */
const cycle: TrainConfigInput = {
  size: 16,
  batchSize: 2,
  steps: 4,
  pretraining: { refinerSteps: 1, discriminatorSteps: 1 },
  refinerStepsPerIteration: 1,
  adversarial: { loss: 'least-squares', gradientPenalty: 0.1, augmentation: ['translation'] },
  regularization: { weight: 0.5, target: 0.05 },
  cycle: { weight: 10, direction: 'both', identityWeight: 1 },
  checkpoints: { every: 2 },
};

/** Masks of the parts, and what face networks see. */
const held: TrainConfigInput = {
  ...cycle,
  adversarial: {},
  cycle: {},
  regularization: { weight: 0.5, landmarks: 100, partWeights: { eyes: 3, background: 0.1 } },
};

/** Local pathways and discriminators, with a history that has no part in them. */
const withParts: TrainConfigInput = {
  size: 16,
  steps: 4,
  pretraining: { refinerSteps: 1, discriminatorSteps: 1 },
  refinerStepsPerIteration: 1,
  refiner: { architecture: 'pixel-shuffle', features: 16, blocks: 1 },
  parts: { refiner: true, discriminator: true, side: 8 },
  checkpoints: { every: 2 },
};

describe('a run that was killed and resumed', () => {
  it.each(cases)('gives equal bytes when killed $name', async ({ values, killedAt }) => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig(values);
    runUntilKilled({ ...folders, config }, killedAt);
    // Lines after the checkpoint are there, and must go.
    expect((await metricsOf(folders.run)).length).toBe(killedAt);
    const lastCheckpoint = 5 * Math.floor((killedAt - 1) / 5);
    const { events } = await playRun({ ...folders, config, resume: true });
    expect(events.find(({ kind }) => kind === 'start')).toMatchObject({ index: lastCheckpoint });
    expect(steps(events).length).toBe(20 - lastCheckpoint);
    const straight = values === allOn ? straightResultsOf12Steps() : straightResults(values);
    expect(await resultsOf(folders.run)).toEqual(await straight);
  });

  it('gives equal bytes with two directions, augmentation and an adapted λ', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig(cycle);
    runUntilKilled({ ...folders, config }, 5);
    const lines = await metricsOf(folders.run);
    expect(new Set(lines.slice(2).map((line) => line.regularizationWeight)).size).toBe(3);
    await playRun({ ...folders, config, resume: true });
    expect(await resultsOf(folders.run)).toEqual(await straightResults(cycle));
  });

  it('gives equal bytes with weights of the parts and a frozen network', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig(held);
    runUntilKilled({ ...folders, config }, 5);
    await playRun({ ...folders, config, resume: true });
    const results = await resultsOf(folders.run);
    expect(results.metrics.at(-1)?.landmarkDisplacement).toBeGreaterThan(0);
    expect(results).toEqual(await straightResults(held));
  });

  it('gives equal bytes with networks of the parts, whose landmarks come with the images', async () => {
    const folders = await tinyFolders(await temporaryFolder(), { landmarks: true });
    const config = tinyConfig(withParts);
    runUntilKilled({ ...folders, config }, 5);
    await playRun({ ...folders, config, resume: true });
    const results = await resultsOf(folders.run);
    expect(results.metrics.at(-1)?.partsAdversarial).toBeGreaterThan(0);
    expect(results).toEqual(await straightResults(withParts, { landmarks: true }));
  });

  it('has each step once in a log that lost lines', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig();
    runUntilKilled({ ...folders, config }, 13);
    const path = join(folders.run, 'metrics.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, lines.slice(3).join('\n'));
    const { events } = await playRun({ ...folders, config, resume: true });
    const warned = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
    expect(warned).toContainEqual(expect.stringMatching(/lost 3 of 10 lines/));
    const left = (await metricsOf(folders.run)).map(({ phase, step }) => `${phase} ${step}`);
    expect(left).toHaveLength(17);
    expect(new Set(left).size).toBe(17);
  });

  it('goes on to a run with more broken images allowed', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig();
    runUntilKilled({ ...folders, config }, 13);
    const { outcome } = await playRun({
      ...folders,
      config: { ...config, data: { ...config.data, maxBroken: 0.5 } },
      resume: true,
    });
    expect(outcome.steps).toBe(12);
  });

  it('goes on from the checkpoint before where the latest is damaged', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig();
    runUntilKilled({ ...folders, config }, 16);
    const latest = join(folders.run, 'checkpoints', '000000015.safetensors');
    const bytes = await readFile(latest);
    bytes[bytes.length - 5] ^= 1;
    await writeFile(latest, bytes);
    const { events } = await playRun({ ...folders, config, resume: true });
    const warnings = events.filter(({ kind }) => kind === 'warning');
    expect(warnings).toEqual([{ kind: 'warning', message: expect.stringContaining(latest) }]);
    expect(events.find(({ kind }) => kind === 'start')).toMatchObject({ index: 10 });
    expect(await resultsOf(folders.run)).toEqual(await straightResultsOf12Steps());
  });
});

describe('a run that ended early', () => {
  it('goes on to a larger total of steps as if it had been asked for at once', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const first = await playRun({ ...folders, config: tinyConfig({ steps: 6 }) });
    expect(first.outcome).toMatchObject({ outcome: 'finished', steps: 6 });
    const more = await playRun({ ...folders, config: tinyConfig({ steps: 12 }), resume: true });
    expect(steps(more.events).length).toBe(6);
    expect(more.outcome).toMatchObject({ outcome: 'finished', steps: 12 });
    expect(await resultsOf(folders.run)).toEqual(await straightResultsOf12Steps());
  });

  it('saves when it is interrupted and goes on from there', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig();
    const controller = new AbortController();
    const { outcome } = await playRun(
      { ...folders, config, signal: controller.signal },
      (event) => event.kind === 'step' && event.index === 11 && controller.abort(),
    );
    expect(outcome).toMatchObject({ outcome: 'interrupted', steps: 3 });
    const { events } = await playRun({ ...folders, config, resume: true });
    expect(steps(events).length).toBe(20 - 11);
    expect(await resultsOf(folders.run)).toEqual(await straightResultsOf12Steps());
  });

  it('stops saved when its minutes are over', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig();
    const { outcome } = await playRun({ ...folders, config, minutes: 1e-6 });
    expect(outcome).toMatchObject({ outcome: 'out-of-time', steps: 0 });
    const record = JSON.parse(await readFile(join(folders.run, 'run.json'), 'utf8'));
    expect(record.outcome).toBe('out-of-time');
    const { events } = await playRun({ ...folders, config, resume: true });
    expect(steps(events).length).toBe(20);
  });

  it('has a rate that falls with its minutes, and goes on with the share it had', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    let [seconds, calls] = [0, 0];
    // A microsecond a call, or steps would take no time at all.
    const clock = vi
      .spyOn(performance, 'now')
      .mockImplementation(() => 1000 * seconds + 0.001 * calls++);
    onTestFinished(() => clock.mockRestore());
    const learningRate = {
      refiner: 1e-5,
      discriminator: 1e-5,
      schedule: 'linear',
      after: '50%',
    } as const;
    const config = tinyConfig({ steps: 1_000_000, learningRate });
    /** Plays so many steps of ten seconds, and gives the rates of all as shares of the first. */
    const play = async (minutes: number | undefined, last: number, resume: boolean) => {
      const controller = new AbortController();
      const { events } = await playRun(
        { ...folders, config, minutes, resume, signal: controller.signal },
        (event) => {
          if (event.kind !== 'step' || event.phase !== 'adversarial') return;
          seconds += 10;
          if (event.metrics.step === last) controller.abort();
        },
      );
      const lines = (await metricsOf(folders.run)).filter(({ phase }) => phase === 'adversarial');
      return { events, rates: lines.map((line) => Number(line.refinerLearningRate) / 1e-5) };
    };
    const { rates } = await play(2, 9, false);
    // 12 steps fit; from the half on the rate falls by a sixth each.
    for (const rate of rates.slice(0, 7)) expect(rate).toBeCloseTo(1, 4);
    for (const [i, share] of [5 / 6, 4 / 6].entries()) expect(rates[7 + i]).toBeCloseTo(share, 4);
    // What comes after a line, here ten seconds, is not in it: 80 of 120 seconds are played.
    const resumed = await play(40 / 60, 1000, true);
    for (const [i, share] of [4 / 6, 3 / 6, 2 / 6, 1 / 6].entries()) {
      expect(resumed.rates[9 + i]).toBeCloseTo(share, 4);
    }
    expect(resumed.rates).toHaveLength(13);
    const untimed = await play(undefined, 14, true);
    expect(untimed.rates.at(-1)).toBeCloseTo(1, 4);
    expect(untimed.events).toContainEqual(
      expect.objectContaining({ kind: 'warning', message: expect.stringContaining('--minutes') }),
    );
  });

  it('keeps its outcome when it is resumed with nothing left to do', async () => {
    const folders = await tinyFolders(await temporaryFolder());
    const config = tinyConfig({ steps: 2 });
    const first = await playRun({ ...folders, config });
    const before = await resultsOf(folders.run);
    const again = await playRun({ ...folders, config, resume: true });
    expect(await resultsOf(folders.run)).toEqual(before);
    expect(again.outcome.metrics).toEqual(first.outcome.metrics);
    const fewer = playRun({ ...folders, config: tinyConfig({ steps: 1 }), resume: true });
    await expect(fewer).rejects.toThrow('Expected --steps to be at least the 2 iterations');
  });
});
