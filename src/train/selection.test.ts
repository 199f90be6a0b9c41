import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';
import type { TrainConfigInput } from './config.ts';
import { bestFile, findSelected, readSelectionRecords } from './selection-folder.ts';
import { fakeEvaluator, measureBrightness } from './testing/fake-evaluator.ts';
import { metricsOf, playRun, resultsOf, tinyConfig, tinyFolders } from './testing/tiny-run.ts';
import { type TrainEvent, train } from './train.ts';

/** Of 30 images a side 16 are held out. */
const selecting = (values: TrainConfigInput = {}) =>
  tinyConfig({ ...values, selection: { every: 3, holdOut: 0.5, ...values.selection } });

const foldersOf = async (count = 30) => tinyFolders(await temporaryFolder(), { count });

const selections = (events: readonly TrainEvent[]) =>
  events.flatMap((event) =>
    event.kind === 'selection' ? [[event.record.step, event.isBest] as const] : [],
  );

const fileOf = (run: string, name: string) => readFile(join(run, name), 'base64');
const outcomeOf = async (run: string) => JSON.parse(await readFile(join(run, 'run.json'), 'utf8'));

/** All that must not depend on how often a run was interrupted. */
async function allResultsOf(run: string) {
  const records = await readSelectionRecords(run);
  const { selection } = await outcomeOf(run);
  return {
    ...(await resultsOf(run)),
    records: records.map(({ seconds, ...record }) => record),
    selected: selection.step,
  };
}

/** What a run gives that nothing interrupts. */
const straight = (() => {
  let results: ReturnType<typeof play> | undefined;
  const play = async () => {
    const folders = await foldersOf();
    const { create } = fakeEvaluator({ measure: measureBrightness, noiseFloor: 0.9 });
    await playRun({ ...folders, config: selecting(), createEvaluator: create });
    return allResultsOf(folders.run);
  };
  return () => {
    results ??= play();
    return results;
  };
})();

describe('a run that selects', () => {
  it('exports the most realistic refiner within the drift limit and says so', async () => {
    const folders = await foldersOf();
    const measures = [
      { realism: 0.5, drift: 0.1 },
      { realism: 0.2, drift: 0.3 },
      { realism: 0.1, drift: 0.7 },
      { realism: 0.3, drift: 0.2 },
    ];
    const { create, seen } = fakeEvaluator({ measure: (call) => measures[call], noiseFloor: 0.5 });
    const config = selecting({ selection: { driftLimit: 1.2 }, steps: 11 });
    const played = await playRun({ ...folders, config, createEvaluator: create });
    expect(selections(played.events)).toEqual([
      [3, true],
      [6, true],
      [9, false],
      [11, false],
    ]);
    expect(seen.open).toBe(0);
    // The step after a measurement tells it to the notice of stagnation, and the log to everybody.
    const lines = await metricsOf(folders.run);
    expect(
      lines.flatMap(({ realism, drift }) => (realism === undefined ? [] : [[realism, drift]])),
    ).toEqual(measures.slice(0, 3).map(({ realism, drift }) => [realism, drift]));
    const { selection } = await outcomeOf(folders.run);
    expect(selection).toEqual(played.outcome.selection);
    expect(selection).toMatchObject({
      ...{ step: 6, reason: 'realism', file: 'checkpoints/best/000006.onnx' },
      ...{ candidates: 4, withinLimit: 3 },
      measured: { step: 6, realism: 0.2, realismOfRenders: 1, drift: 0.3, driftLimit: 0.6 },
    });
    const exported = await readFile(join(folders.run, 'refiner.onnx'));
    expect(exported.toString('base64')).toBe(await fileOf(folders.run, selection.file));
    expect(await findSelected(folders.run, exported)).toEqual(selection.measured);
    expect(await findSelected(folders.run, Buffer.from('another'))).toBeUndefined();
    const records = await readSelectionRecords(folders.run);
    expect(records.map(({ step, realism }) => [step, realism])).toEqual([
      [3, 0.5],
      [6, 0.2],
      [9, 0.1],
      [11, 0.3],
    ]);
    // The checkpoint kept beside the last one is of iteration 7: both have 6 as their best.
    expect(await readdir(join(folders.run, 'checkpoints/best'))).toEqual(['000006.onnx']);
  });

  it('logs no measurement that a run without interruption would not have made', async () => {
    const realismsOf = async (stops: readonly number[]) => {
      const folders = await foldersOf();
      for (const [i, steps] of stops.entries()) {
        const { create } = fakeEvaluator({ measure: measureBrightness, noiseFloor: 0.9 });
        const config = selecting({ steps });
        await playRun({ ...folders, config, createEvaluator: create, resume: i > 0 });
      }
      const lines = await metricsOf(folders.run);
      return lines.flatMap(({ step, realism }) => (realism === undefined ? [] : [[step, realism]]));
    };
    const straightRun = await realismsOf([10]);
    expect(straightRun.map(([step]) => step)).toEqual([4, 7, 10]);
    expect(await realismsOf([5, 10])).toEqual(straightRun);
  });

  it('adapts λ to the measured drift, and not to that of the end of an interrupted run', async () => {
    const weightsOf = async (run: string) =>
      (await metricsOf(run)).flatMap(({ phase, regularizationWeight }) =>
        phase === 'adversarial' ? [regularizationWeight] : [],
      );
    const play = async (stops: readonly number[]) => {
      const folders = await foldersOf();
      for (const [i, steps] of stops.entries()) {
        const drifts = new Map([
          [3, 0.3],
          [6, 0.6],
          [9, 0.45],
        ]);
        const left = [3, 6, 9, 12].filter((step) => step > (stops[i - 1] ?? 0));
        const { create } = fakeEvaluator({
          measure: (call) => ({ realism: 1, drift: drifts.get(left[call]) ?? 9 }),
          noiseFloor: 0.5,
        });
        const regularization = { weight: 2, driftTarget: 0.9 };
        const config = selecting({ steps, regularization });
        await playRun({ ...folders, config, createEvaluator: create, resume: i > 0 });
      }
      return weightsOf(folders.run);
    };
    const weights = await play([12]);
    const third = 2 * Math.exp(0.1 * (0.3 / 0.45 - 1));
    const sixth = third * Math.exp(0.6 / 0.45 - 1);
    const expected = [2, 2, 2, third, third, third, ...Array(6).fill(sixth)];
    for (const [i, weight] of weights.entries()) expect(weight).toBeCloseTo(expected[i], 9);
    expect(weights).toHaveLength(12);
    // The run that ends after 7 iterations is measured there, with another drift.
    expect(await play([7, 12])).toEqual(weights);
  });

  it('says where there is no drift to hold', async () => {
    const folders = await foldersOf();
    const { create } = fakeEvaluator({ measure: () => ({ realism: 1 }) });
    const config = selecting({ steps: 1, regularization: { driftTarget: 1 } });
    const { events } = await playRun({ ...folders, config, createEvaluator: create });
    const messages = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
    expect(messages.join()).toContain('no drift to hold');
  });

  it('says so too where sets are too small to measure a refiner on', async () => {
    const folders = await foldersOf(10);
    const { create } = fakeEvaluator({ measure: () => ({ realism: 1 }) });
    const config = selecting({ steps: 1, regularization: { driftTarget: 1 } });
    const { events } = await playRun({ ...folders, config, createEvaluator: create });
    const messages = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
    expect(messages.join()).toContain('No refiner is selected');
    expect(messages.join()).toContain('no drift to hold at regularization.driftTarget: λ stays');
  });

  it('exports the refiner that drifts least where none is within the limit', async () => {
    const folders = await foldersOf();
    const { create } = fakeEvaluator({
      measure: (call) => ({ realism: 1 - call / 10, drift: [2, 1, 3][call] }),
      noiseFloor: 0.5,
    });
    const config = selecting({ steps: 3, selection: { every: 1 } });
    const { outcome } = await playRun({ ...folders, config, createEvaluator: create });
    expect(outcome.selection).toMatchObject({ step: 2, reason: 'least-drift', withinLimit: 0 });
  });

  it('trains on none of the images that it measures on', async () => {
    const folders = await foldersOf();
    const { create, seen } = fakeEvaluator({ measure: () => ({ realism: 1 }) });
    const config = selecting({ steps: 1, pretraining: {}, selection: { images: 12 } });
    const { outcome, events } = await playRun({ ...folders, config, createEvaluator: create });
    expect(outcome.images.synthetic.images).toBe(14);
    expect(outcome.images.real.images).toBe(14);
    expect(seen.images?.renders.length).toBe(12);
    expect(seen.images?.renders[0].path.startsWith(folders.synthetic)).toBe(true);
    expect(seen.images?.photographs[0].path.startsWith(folders.real)).toBe(true);
    expect(events[0]).toEqual({ kind: 'validation', renders: 12, photographs: 12 });
    expect(events[1]).toMatchObject({ kind: 'start', index: 0, total: 1 });
  });

  it('does not disturb the training', async () => {
    const folders = await foldersOf();
    const { create } = fakeEvaluator({ measure: measureBrightness, noiseFloor: 0.9 });
    const config = selecting({ selection: { every: 1000 } });
    const { outcome } = await playRun({ ...folders, config, createEvaluator: create });
    expect(outcome.selection?.candidates).toBe(1);
    const { state, metrics, checkpoint } = await resultsOf(folders.run);
    const withoutMeasurements = (lines: typeof metrics) =>
      lines.map(({ realism, drift, ...line }) => line);
    expect({ state, metrics: withoutMeasurements(metrics), checkpoint }).toEqual({
      state: (await straight()).state,
      metrics: withoutMeasurements((await straight()).metrics),
      checkpoint: (await straight()).checkpoint,
    });
  });

  it('trains on all images, and says so, where too few would be held out', async () => {
    const folders = await foldersOf(10);
    const { create, seen } = fakeEvaluator({ measure: () => ({ realism: 1 }) });
    const config = selecting({ steps: 1, pretraining: {} });
    const { outcome, events } = await playRun({ ...folders, config, createEvaluator: create });
    expect(events[0]).toEqual({
      kind: 'warning',
      message: expect.stringMatching(/^No refiner is selected.* of the 10 images in .* held out/),
    });
    expect(outcome.selection).toBeUndefined();
    expect(outcome.images.synthetic.images).toBe(10);
    expect(seen.calls).toBe(0);
  });

  it('needs something to measure with, before it writes anything', async () => {
    const folders = await foldersOf();
    const played = playRun({ ...folders, config: selecting() });
    await expect(played).rejects.toThrow('Expected createEvaluator to measure refiners with');
    await expect(readdir(folders.run)).rejects.toThrow('ENOENT');
  });
});

describe('a run that selects and ends early', () => {
  it.each([
    ['between a checkpoint and a measurement', 16],
    ['after a measurement that no checkpoint knows', 18],
    ['before the first measurement', 9],
  ])('goes on as if nothing had happened after it was stopped %s', async (_, index) => {
    const folders = await foldersOf();
    const { create } = fakeEvaluator({ measure: measureBrightness, noiseFloor: 0.9 });
    const options = { ...folders, config: selecting(), createEvaluator: create };
    for await (const event of train({ ...options, preset: 'simgan-faces' })) {
      // Nothing is saved where nobody wants more of the events, as where the process is killed.
      if (event.kind === 'step' && event.index === index) break;
    }
    await playRun({ ...options, resume: true });
    expect(await allResultsOf(folders.run)).toEqual(await straight());
  });

  it('gives up a measurement at Ctrl-C, and makes up for it when it is resumed', async () => {
    const folders = await foldersOf();
    const controller = new AbortController();
    const { create } = fakeEvaluator({
      measure: measureBrightness,
      noiseFloor: 0.9,
      onMeasure: (call) => call === 1 && controller.abort(),
    });
    const options = { ...folders, config: selecting(), createEvaluator: create };
    const { outcome } = await playRun({ ...options, signal: controller.signal });
    expect(outcome).toMatchObject({
      outcome: 'interrupted',
      steps: 6,
      selection: { step: 3, candidates: 1 },
    });
    expect(await fileOf(folders.run, 'refiner.onnx')).toBe(await fileOf(folders.run, bestFile(3)));
    await playRun({ ...options, resume: true });
    expect(await allResultsOf(folders.run)).toEqual(await straight());
  });

  it('saves at Ctrl-C while it still looks at the held-out images', async () => {
    const folders = await foldersOf();
    const controller = new AbortController();
    const options = { ...folders, config: selecting() };
    const { outcome, events } = await playRun({
      ...options,
      signal: controller.signal,
      createEvaluator: async ({ signal }) => {
        controller.abort();
        signal?.throwIfAborted();
        throw new Error('not reached');
      },
    });
    expect(outcome).toMatchObject({ outcome: 'interrupted', steps: 0 });
    expect(events.map(({ kind }) => kind)).toEqual(['validation', 'sample', 'checkpoint']);
    const { create } = fakeEvaluator({ measure: measureBrightness, noiseFloor: 0.9 });
    await playRun({ ...options, createEvaluator: create, resume: true });
    expect(await allResultsOf(folders.run)).toEqual(await straight());
  });

  it('keeps the best of an older checkpoint, where the latest is damaged', async () => {
    const folders = await foldersOf();
    // Every refiner is better than those before.
    const measure = () => ({ realism: -performance.now(), drift: 0 });
    const { create } = fakeEvaluator({ measure, noiseFloor: 0.9 });
    const options = { ...folders, config: selecting(), createEvaluator: create };
    await playRun(options);
    const best = join(folders.run, 'checkpoints/best');
    expect(await readdir(best)).toEqual(['000006.onnx', '000012.onnx']);
    await writeFile(join(folders.run, 'checkpoints/000000020.safetensors'), 'damaged');
    const controller = new AbortController();
    controller.abort();
    const { outcome } = await playRun({ ...options, resume: true, signal: controller.signal });
    expect(outcome).toMatchObject({ steps: 7, selection: { step: 6, candidates: 2 } });
    expect(await readdir(best)).toEqual(['000006.onnx']);
    expect(await fileOf(folders.run, 'refiner.onnx')).toBe(await fileOf(folders.run, bestFile(6)));
  });

  it('keeps time for a measurement of the refiner that it ends with when its minutes are over', async () => {
    const folders = await foldersOf();
    const now = performance.now.bind(performance);
    let ahead = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
    onTestFinished(() => clock.mockRestore());
    const { create } = fakeEvaluator({
      measure: () => ({ realism: 1 }),
      onMeasure: (call) => {
        if (call === 0) ahead += 30_000;
      },
    });
    const config = selecting({ steps: 1000, pretraining: {}, selection: { every: 2 } });
    const { outcome, events } = await playRun(
      { ...folders, config, createEvaluator: create, minutes: 10 },
      (event) => {
        // Less is left of the ten minutes than the first measurement took.
        if (event.kind === 'step' && event.index === 3) ahead = 580_000;
      },
    );
    expect(outcome).toMatchObject({ outcome: 'out-of-time', steps: 3 });
    expect(selections(events)).toEqual([
      [2, true],
      [3, false],
    ]);
  });

  it('exports the last refiner before the first measurement, and says so', async () => {
    const folders = await foldersOf();
    const controller = new AbortController();
    const { create } = fakeEvaluator({ measure: () => ({ realism: 1 }) });
    const options = { ...folders, createEvaluator: create, signal: controller.signal };
    const { outcome } = await playRun(
      { ...options, config: selecting() },
      (event) => event.kind === 'step' && event.index === 9 && controller.abort(),
    );
    expect(outcome.selection).toEqual({
      ...{ step: 1, reason: 'unmeasured', candidates: 0, withinLimit: 0 },
    });
    expect((await readFile(join(folders.run, 'refiner.onnx'))).length).toBeGreaterThan(1000);
  });

  it('has its best refiner, though the run fails later', async () => {
    const folders = await foldersOf();
    const { create } = fakeEvaluator({
      measure: (call) => {
        if (call === 1) throw new Error('a failure of later');
        return { realism: 1 };
      },
    });
    const played = playRun({ ...folders, config: selecting(), createEvaluator: create });
    await expect(played).rejects.toThrow('a failure of later');
    const record = await outcomeOf(folders.run);
    expect(record).toMatchObject({ outcome: 'failed', selection: { step: 3 } });
    expect(await fileOf(folders.run, 'refiner.onnx')).toBe(await fileOf(folders.run, bestFile(3)));
  });

  it('keeps its outcome when it is resumed with nothing left to do', async () => {
    const folders = await foldersOf();
    const { create, seen } = fakeEvaluator({ measure: () => ({ realism: 1 }) });
    const options = { ...folders, config: selecting({ steps: 3 }), createEvaluator: create };
    const first = await playRun(options);
    const again = await playRun({ ...options, resume: true });
    expect(again.outcome.selection).toEqual(first.outcome.selection);
    expect(seen.calls).toBe(1);
    expect((await metricsOf(folders.run)).length).toBe(11);
  });
});
