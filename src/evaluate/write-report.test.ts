import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normal, randomKey } from '../base/random.ts';
import { put } from '../data/testing/images.ts';
import type { ColorImage } from '../faces/index.ts';
import { lockFolder } from '../files/folder-lock.ts';
import { readJsonLines } from '../files/jsonl.ts';
import {
  fixtureRender,
  putImage,
  putImages,
} from '../refine/verification/testing/picture-files.ts';
import {
  constant,
  mirrored,
  recolored,
  shiftedRight,
} from '../refine/verification/testing/pictures.ts';
import { commonForm } from './common-form.ts';
import { evaluateConfigSchema } from './config.ts';
import type { ReportJson } from './report/report-json.ts';
import { writeReport } from './write-report.ts';

const count = 12;
let root: string;
let renders: readonly ColorImage[];

/** Photographs are the render in other light with grain. */
const photograph = (render: ColorImage, i: number) => {
  const noise = normal(randomKey(i), render.pixels.length);
  return recolored(render, (v, c, k) => 0.9 * v + [18, 12, 8][c] + i / 4 + 9 * noise[k]);
};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'evaluate-'));
  const render = await fixtureRender();
  renders = Array.from({ length: count }, (_, i) => recolored(render, (v) => v * (0.9 + i / 100)));
  await putImages(join(root, 'synthetic'), renders);
  await putImages(
    join(root, 'real'),
    Array.from({ length: 20 }, (_, i) => photograph(renders[i % count], i)),
  );
});
afterAll(() => rm(root, { recursive: true }));

async function evaluate(refined: string, set: object = {}): Promise<ReportJson> {
  return writeReport({
    synthetic: join(root, 'synthetic'),
    refined: join(root, refined),
    real: join(root, 'real'),
    out: join(root, `report-${refined}`),
    config: evaluateConfigSchema.parse({
      cache: join(root, 'cache'),
      replicates: 20,
      classifier: { steps: 2 },
      ...set,
    }),
    command: 'lifelike evaluate --set "<here>"',
  });
}

describe('a refiner that returns its input', () => {
  let report: ReportJson;

  beforeAll(async () => {
    await putImages(join(root, 'same'), renders);
    report = await evaluate('same');
  });

  test('has the realism of the renders, exactly', () => {
    const names = Object.keys(report.realism);
    expect(names).toEqual([
      'kid-inception-mixed5',
      'fd-inception-mixed5',
      'kid-face-identity',
      'fd-face-identity',
    ]);
    for (const name of names) {
      expect(report.realism[name].refined).toEqual(report.realism[name].synthetic);
    }
    const { gapClosed, synthetic, real } = report.realism['kid-inception-mixed5'];
    expect(gapClosed).toBe(0);
    expect(synthetic.value).toBeGreaterThan(real.value);
    expect(synthetic.low).toBeLessThan(synthetic.high);
  });

  test('has no drift, and every label', () => {
    expect(report.labels).toMatchObject({ accepted: count, rejected: 0, unverifiable: 0 });
    expect(report.labels.landmarkDriftPixels?.mean).toBe(0);
    expect(report.labels.landmarkDriftPixels?.noiseFloor).toBeGreaterThan(0);
    expect(report.labels.identityCosine?.mean).toBeCloseTo(1, 6);
    expect(report.labels.complexionShiftDegrees?.mean).toBe(0);
  });

  test('leaves a page that needs nothing else and a line an image', async () => {
    const page = await readFile(join(root, 'report-same/report.html'), 'utf8');
    expect(page).toContain(report.verdict);
    expect(page).toContain('lifelike evaluate --set &quot;&lt;here&gt;&quot;');
    expect(page).not.toMatch(/(src|href)="(?!data:)/);
    expect(page).not.toMatch(/undefined|NaN/);
    expect(page.match(/<div class="slider">/g)?.length).toBeGreaterThanOrEqual(count);
    expect(page.length).toBeLessThan(2e6);
    const lines = await readJsonLines(join(root, 'report-same/images.jsonl'));
    expect(lines).toHaveLength(count);
    const written = await readFile(join(root, 'report-same/report.json'), 'utf8');
    expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(report)));
  });

  test('is measured from the cache the second time, with the same numbers', async () => {
    const before = (await readdir(join(root, 'cache'), { recursive: true })).length;
    expect(await evaluate('same')).toEqual(report);
    expect((await readdir(join(root, 'cache'), { recursive: true })).length).toBe(before);
  });
});

test('a folder that another evaluation writes is left alone', async () => {
  const out = join(root, 'report-taken');
  await mkdir(out);
  const release = await lockFolder(out, 'lifelike evaluate');
  await expect(evaluate('taken')).rejects.toThrow(/Expected a folder that no other run uses/);
  await release();
});

test('an honest refiner closes a part of the gap', async () => {
  await putImages(
    join(root, 'better'),
    renders.map((render, i) => photograph(render, 100 + i)),
  );
  const report = await evaluate('better');
  expect(report.realism['kid-inception-mixed5'].gapClosed).toBeGreaterThan(0.5);
  expect(report.labels.rejected).toBe(0);
  expect(report.verdict).toMatch(/^Refinement closed \d+ %/);
});

test('damaged images are counted as rejected with their reasons, those in rejected/ too', async () => {
  const damaged = [mirrored, constant, (i: ColorImage) => shiftedRight(i, 3)];
  await putImages(
    join(root, 'damaged'),
    renders.map((r, i) => damaged[i]?.(r) ?? r),
  );
  await rm(join(root, 'damaged/11.png'));
  await putImage(join(root, 'damaged/rejected/11.png'), constant(renders[11]));
  await put(join(root, 'damaged'), '10.png', 'no image');
  const { labels, broken } = await evaluate('damaged');
  expect(labels).toMatchObject({ accepted: count - 5, rejected: 4 });
  expect(labels.rejections.map(({ name }) => name)).toEqual([
    '00.png',
    '01.png',
    '02.png',
    '11.png',
  ]);
  expect(labels.rejections[0].reasons.join()).toMatch(/mirror/);
  expect(broken.map(({ name }) => name)).toContain('10.png');
});

test('sets are compared at the size of the refined images, grey ones in grey', async () => {
  const config = evaluateConfigSchema.parse({});
  const pairsOf = (folder: string) =>
    renders.map((_, i) => {
      const name = `${String(i).padStart(2, '0')}.png`;
      const path = join(root, folder, name);
      return { name, input: path, refined: path, setAside: false };
    });
  const size = { height: 64, width: 64 };
  expect(await commonForm(pairsOf('synthetic'), config)).toEqual({ size, channels: 3 });
  const grey = recolored(renders[0], (_, c, i) => renders[0].pixels[i - c * 64 * 64]);
  await putImages(join(root, 'grey'), new Array(count).fill(grey));
  expect(await commonForm(pairsOf('grey'), config)).toEqual({ size, channels: 1 });
  expect((await commonForm(pairsOf('grey'), { ...config, channels: 3 })).channels).toBe(3);
});

describe('mistakes are explained', () => {
  test('no common name', async () => {
    await putImage(join(root, 'other/else.png'), renders[0]);
    await expect(evaluate('other')).rejects.toThrow(/Expected refined images with the names/);
  });

  test('too few images', async () => {
    await putImages(join(root, 'few'), renders.slice(0, 3));
    await expect(evaluate('few')).rejects.toThrow(/Expected at least 10 images in .*few, got 3/);
  });
});
