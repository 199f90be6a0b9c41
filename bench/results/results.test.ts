import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { openDataset } from '../../src/data/dataset.ts';
import { readLandmarks } from '../../src/data/landmarks.ts';
import { put } from '../../src/data/testing/images.ts';
import { renderDataset } from '../../src/render/index.ts';
import { type ImageSets, makeImageSets } from './image-sets.ts';
import { makeRuns } from './make-runs.ts';
import type { Places, Protocol } from './protocol.ts';
import { type Run, rowsOf } from './row.ts';
import { readRowResults } from './row-result.ts';
import type { Workshop } from './run-row.ts';
import { largestSheet } from './sheet.ts';
import { tablesOf } from './table.ts';
import { temPlaces } from './usefulness.ts';

const protocol: Protocol = {
  size: 64,
  renders: { count: 24, seed: 1 },
  evaluatedRenders: { count: 10, seed: 2 },
  trainingShare: 0.5,
  maximumImages: 10,
  noiseFloorImages: 2,
  usefulness: { steps: 2, seeds: 1 },
};
const tiny = rowsOf({ group: 'lifelike', preset: 'lifelike', minutes: 5, channels: [3] });
const small = ['batchSize=2', 'history.capacity=4', 'average.decay=0.5'];
// Ended by its steps, with a rate that stays: on a busy machine nothing else is sure.
const constant = ['schedule=constant', 'after=0', 'factor=0'].map((set) => `learningRate.${set}`);
const row = tiny({
  name: 'tiny',
  question: 'Does it run?',
  set: [...small, ...constant, 'steps=6'],
});
// Nothing that takes of the few seconds but the iterations.
const run: Run = { row, channels: 3, seed: 1 };
/** All of it takes 20 seconds on a free machine. */
const patienceMs = 300_000;
const wanted = { minutesLeft: 60, again: false, usefulness: false };

/**
 * Renders as labelled portraits: JPEG with `.tem` files, whose coordinates are three times as
 * large.
 */
async function makePortraits(folder: string, renders: string): Promise<string> {
  const dataset = await openDataset(renders);
  const landmarks = await readLandmarks(dataset);
  for (const name of dataset.images.slice(0, 14)) {
    const stem = parse(name).name;
    await put(folder, `${stem}.jpg`, await sharp(join(renders, name)).jpeg().toBuffer());
    const { points } = landmarks.get(name)!;
    const lines = Array.from({ length: 189 }, () => '0 0');
    for (const [index, place] of temPlaces) {
      lines[place] = `${3 * points[2 * index]} ${3 * points[2 * index + 1]}`;
    }
    await put(folder, `${stem}.tem`, ['189', ...lines, '0'].join('\n'));
  }
  return folder;
}

describe('a row with a tiny budget', { timeout: patienceMs }, () => {
  let root: string;
  let places: Places;
  let sets: ImageSets;

  const workshop = (
    signal = new AbortController().signal,
    onLog: (line: string) => void = () => {},
  ): Workshop => {
    const progress = createProgress({
      ...{ write: () => {}, isTerminal: false, columns: () => 80, now: () => performance.now() },
    });
    const log = (line: string) => {
      progress.log(line);
      onLog(line);
    };
    const context = { signal, log, progress };
    return { places, protocol, version: '0.1.0', commit: 'abc1234', context };
  };
  const resultsOf = () => readRowResults(join(places.results, 'rows'));

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lifelike-test-'));
    // Renders of other people stand for photographs: the networks find their faces too.
    const photographs = join(root, 'photographs');
    await renderDataset({ out: photographs, count: 28, size: 128, seed: 3 });
    places = { photographs, work: join(root, 'work'), results: join(root, 'results') };
    const { context } = workshop();
    sets = await makeImageSets(places, protocol, context);
  }, patienceMs);
  afterAll(() => rm(root, { recursive: true, force: true }));

  it('has sets that overlap nowhere and are made once', async () => {
    const { counts } = sets;
    expect(counts).toMatchObject({ renders: 24, evaluatedRenders: 10 });
    expect(counts.photographs + counts.heldOutPhotographs).toBeGreaterThan(22);
    const training = await readdir(sets.photographs);
    const heldOut = await readdir(sets.heldOutPhotographs);
    const shared = training.filter((name) => heldOut.includes(name));
    expect(shared).toEqual(['metadata.jsonl']);
    const before = await stat(join(sets.renders, '000000.png'));
    const again = await makeImageSets(places, protocol, workshop().context);
    expect(again).toEqual(sets);
    expect((await stat(join(sets.renders, '000000.png'))).mtimeMs).toBe(before.mtimeMs);
  });

  it('has other sets for a row that draws its renders otherwise', async () => {
    const { context } = workshop();
    const plain = {
      ...protocol,
      renders: { count: 4, seed: 1 },
      evaluatedRenders: { count: 4, seed: 2 },
    };
    const bald = await makeImageSets(places, plain, context, {
      renders: { hair: { none: 1 }, identity: { male: 1 } },
    });
    const hairy = await makeImageSets(places, plain, context);
    expect(bald.folder).not.toBe(hairy.folder);
    expect(bald.hash).not.toBe(hairy.hash);
    const styles = async ({ renders }: ImageSets) =>
      (await readFile(join(renders, 'metadata.jsonl'), 'utf8')).match(/"hair":null/g)?.length ?? 0;
    expect(await styles(bald)).toBe(4);
    expect(await styles(hairy)).toBeLessThan(4);
    const misspelt = makeImageSets(places, plain, context, {
      renders: { hair: { nine: 1 } as object },
    });
    await expect(misspelt).rejects.toThrow(/hair\.none/);
  });

  it('leaves nothing where it is interrupted', async () => {
    const controller = new AbortController();
    let began = false;
    // Its images are there when its question is said.
    const onLog = (line: string) => {
      if (!line.startsWith('tiny-3-1: ')) return;
      began = true;
      setTimeout(() => controller.abort(), 1500);
    };
    const request = { ...wanted, runs: [run] };
    const making = makeRuns(request, new Map(), workshop(controller.signal, onLog));
    await expect(making).rejects.toThrow(/abort/i);
    expect(began).toBe(true);
    expect((await resultsOf()).size).toBe(0);
  });

  it('says once that photographs cannot be used', async () => {
    const lines: string[] = [];
    const nowhere = { ...places, photographs: join(root, 'nowhere') };
    const without = { ...workshop(undefined, (line) => lines.push(line)), places: nowhere };
    const runs = [run, { ...run, seed: 2 }];
    const making = makeRuns({ ...wanted, runs }, new Map(), without);
    await expect(making).rejects.toThrow(UserError);
    expect(lines.filter((line) => line.startsWith('tiny'))).toEqual([]);
  });

  it('is trained, measured, drawn and stored, and not made again', async () => {
    const request = { ...wanted, runs: [run] };
    expect(await makeRuns(request, await resultsOf(), workshop())).toEqual(['tiny-3-1']);
    const results = await resultsOf();
    const result = results.get('tiny-3-1')!;
    expect(result.training).toMatchObject({ outcome: 'finished', iterations: 6 });
    expect(result.training.iterationsPerSecond).toBeGreaterThan(0);
    expect(result.training.end.meanAbsoluteChange).toBeGreaterThan(0);
    expect(result.recipe).toMatchObject({ batchSize: 2, 'adversarial.loss': 'hinge' });
    const { measures } = result;
    expect(measures!.accepted + measures!.rejected + measures!.unverifiable).toBeCloseTo(1, 3);
    expect(measures!.spread).toBeGreaterThan(0.5);
    expect(measures!.kid.refined.low).toBeLessThanOrEqual(measures!.kid.refined.high);
    expect(measures!.meanAbsoluteChange).toBeGreaterThan(0);

    const sheet = join(places.results, 'sheets', 'tiny.jpg');
    expect((await stat(sheet)).size).toBeLessThanOrEqual(largestSheet);
    const { width, height, format } = await sharp(sheet).metadata();
    expect(format).toBe('jpeg');
    expect(width! / height!).toBeGreaterThan(1.2);
    expect(await readdir(join(places.results, 'sheets'))).toEqual(['tiny.jpg']);
    const kept = await readdir(join(sets.folder, 'runs', 'tiny-3-1', 'run'));
    expect(kept).toContain('refiner.onnx');
    expect(kept).not.toContain('checkpoints');

    expect(await makeRuns(request, results, workshop())).toEqual([]);
    expect(tablesOf([row], [...results.values()])).toContain('[tiny, colour]');
  });

  it('gets its usefulness added where it is wanted later', async () => {
    const portraits = await makePortraits(join(root, 'portraits'), places.photographs);
    const wantedNow = { ...wanted, runs: [run], usefulness: true };
    const before = (await resultsOf()).get('tiny-3-1')!;
    places = { ...places, portraits };
    expect(await makeRuns(wantedNow, await resultsOf(), workshop())).toEqual(['tiny-3-1']);
    const { usefulness, ...rest } = (await resultsOf()).get('tiny-3-1')!;
    expect({ ...rest, usefulness: null }).toEqual(before);
    const { steps } = protocol.usefulness;
    expect(usefulness).toMatchObject({ task: 'landmarks', steps });
    expect(usefulness!.adapted.arms).toHaveLength(4);
    expect(usefulness!.blind).toBeGreaterThan(0);
    expect(usefulness!.arms).toHaveLength(4);
    for (const arm of usefulness!.arms) expect(arm.value).toBeGreaterThan(0);
    expect(await makeRuns(wantedNow, await resultsOf(), workshop())).toEqual([]);
    // For the next row on the same images: of two networks, weakly and strongly augmented.
    const folder = join(sets.folder, 'landmark-networks');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile())).toHaveLength(2);
  });
});
