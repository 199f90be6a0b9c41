import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeTensors } from '../data/safetensors.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { listCheckpoints } from './checkpoint.ts';
import type { TrainConfigInput } from './config.ts';
import { pieceSide } from './equalizer.ts';
import { metricsOf, playRun, putNoise, resultsOf, tinyConfig } from './testing/tiny-run.ts';

const configOf = (values: TrainConfigInput = {}) =>
  tinyConfig({
    // The identity at first, so that what the filter does can be told from what the refiner does.
    refiner: { architecture: 'pixel-shuffle', features: 16, blocks: 1, equalizer: true },
    pretraining: {},
    ...values,
  });

/** Renders with four times the contrast of the photographs. */
async function foldersOf() {
  const root = await temporaryFolder();
  return {
    synthetic: await putNoise(join(root, 'synthetic'), { level: 120, spread: 160 }),
    real: await putNoise(join(root, 'real'), { level: 130, spread: 40 }),
    run: join(root, 'run'),
  };
}

/** The kernel of the latest checkpoint, of the refiner and of its average. */
async function kernelsOf(run: string) {
  const folder = join(run, 'checkpoints');
  const [latest] = (await listCheckpoints(folder)).slice(-1);
  const path = join(folder, latest);
  const { tensors } = decodeTensors(await readFile(path), path);
  return ['parameters.refiner', 'average'].map((name) => {
    const found = [...tensors].filter(([key]) => key.includes(`${name}.kernel`));
    expect(found).toHaveLength(1);
    return found[0][1];
  });
}

describe('a run with a filter before the refiner', () => {
  it('measures it once, keeps it as it is, and goes on with it', async () => {
    const straight = await foldersOf();
    const { events } = await playRun({ ...straight, config: configOf() });
    const measured = events.flatMap((event) => (event.kind === 'equalizer' ? [event.gains] : []));
    expect(measured).toHaveLength(1);
    for (const { luma, chroma } of measured[0]) {
      for (const gain of [luma, chroma!]) expect(gain).toBeCloseTo(0.25, 1);
    }
    const [kernel, average] = await kernelsOf(straight.run);
    expect(average.data).toEqual(kernel.data);
    expect(kernel.shape).toEqual([3, 3, 7, 7]);

    const stopped = { ...straight, run: `${straight.run}-stopped` };
    await playRun({ ...stopped, config: configOf({ steps: 5 }) });
    const [early] = await kernelsOf(stopped.run);
    expect(early.data).toEqual(kernel.data);
    const resumed = await playRun({ ...stopped, config: configOf(), resume: true });
    expect(resumed.events.filter(({ kind }) => kind === 'equalizer')).toEqual([]);
    expect(await resultsOf(stopped.run)).toEqual(await resultsOf(straight.run));
  });

  it('holds the refined image to what the filter gives', async () => {
    const folders = await foldersOf();
    await playRun({ ...folders, config: configOf({ steps: 1, refinerStepsPerIteration: 1 }) });
    const [{ selfRegularization, meanAbsoluteChange }] = await metricsOf(folders.run);
    // The refiner has changed nothing yet, the filter takes most of the noise.
    expect(selfRegularization).toBeLessThan(1e-6);
    expect(meanAbsoluteChange).toBeGreaterThan(0.05);
  });

  it('holds landmarks to the render, before the game and in it', async () => {
    const folders = await foldersOf();
    const config = configOf({
      steps: 1,
      refinerStepsPerIteration: 1,
      pretraining: { refinerSteps: 1 },
      regularization: { landmarks: 1e-6 },
    });
    await playRun({ ...folders, config });
    const lines = await metricsOf(folders.run);
    expect(lines.length).toBeGreaterThan(1);
    // The refiner has hardly changed anything yet: what the landmark network sees is the filter.
    for (const { pixelDifference, landmarkDisplacement } of lines) {
      expect(pixelDifference).toBeLessThan(0.01);
      expect(landmarkDisplacement).toBeGreaterThan(1e-5);
    }
  });

  it('knows grey images, and has an inverse refiner without a filter', async () => {
    const folders = await foldersOf();
    const config = configOf({ channels: 1, steps: 2, cycle: { weight: 1 } });
    const { events } = await playRun({ ...folders, config });
    const [gains] = events.flatMap((event) => (event.kind === 'equalizer' ? [event.gains] : []));
    for (const { luma, chroma } of gains) {
      expect(luma).toBeCloseTo(0.25, 1);
      expect(chroma).toBeUndefined();
    }
    const [kernel] = await kernelsOf(folders.run);
    expect(kernel.shape).toEqual([1, 1, 7, 7]);
  });

  it.each([
    [64, 32],
    [[35, 55], 32],
    [21, 20],
    [8, 8],
  ] as const)('looks at pieces of images of %j pixels that fit into them', (size, side) => {
    expect(pieceSide(tinyConfig({ size: size as never }))).toBe(side);
  });
});
