import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UserError } from '../base/user-error.ts';
import type { Annotation } from './output/annotation.ts';
import { type RenderDatasetOptions, renderDataset } from './render-dataset.ts';
import { renderConfig } from './scene/config.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lifelike-render-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const small = { size: 32, seed: 4 } as const;
const render = (name: string, options: Partial<RenderDatasetOptions> = {}) =>
  renderDataset({ out: join(root, name), count: 4, jobs: 1, ...small, ...options });
const bytes = (name: string, file: string) => readFile(join(root, name, file));
const annotations = async (name: string): Promise<Annotation[]> => {
  const text = await readFile(join(root, name, 'metadata.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
};

test('writes images, masks, metadata and reports', async () => {
  const summary = await render('whole', {
    imagesPerIdentity: 2,
    coco: true,
    depth: true,
    normals: true,
  });
  expect(summary).toMatchObject({ images: 4, rendered: 4, outcome: 'finished' });
  const folder = join(root, 'whole');
  const names = (await readdir(folder)).sort();
  expect(names.slice(0, 7)).toEqual([
    '000000.depth.png',
    '000000.normals.png',
    '000000.parts.png',
    '000000.png',
    '000001.depth.png',
    '000001.normals.png',
    '000001.parts.png',
  ]);
  const lines = await annotations('whole');
  expect(lines.map(({ file_name }) => file_name)).toEqual([
    '000000.png',
    '000001.png',
    '000002.png',
    '000003.png',
  ]);
  expect(lines.map(({ identity }) => identity)).toEqual([0, 0, 1, 1]);
  const [first] = lines;
  expect(first).toMatchObject({
    parts_file_name: '000000.parts.png',
    depth_file_name: '000000.depth.png',
    normals_file_name: '000000.normals.png',
  });
  expect(first.landmarks).toHaveLength(68);
  expect(first.landmarks_visible).toHaveLength(68);
  const { yaw, pitch, roll } = first.parameters.pose;
  expect(first.pose).toEqual([yaw, pitch, roll]);
  const xs = first.landmarks.map(([x]) => x);
  expect(first.bbox[0]).toBe(Math.min(...xs));
  expect(first.bbox[0] + first.bbox[2]).toBeCloseTo(Math.max(...xs), 1);
  const image = await sharp(join(folder, '000000.png')).metadata();
  expect([image.width, image.height, image.channels]).toEqual([32, 32, 3]);
  expect((await sharp(join(folder, '000000.parts.png')).metadata()).channels).toBe(1);

  const report = JSON.parse(await readFile(join(folder, '_report/distribution.json'), 'utf8'));
  expect(report).toMatchObject({ images: 4, identities: 2 });
  const meanYaw = lines.reduce((sum, { pose }) => sum + pose[0], 0) / 4;
  expect(report.numbers.yaw.mean).toBeCloseTo(meanYaw, 3);
  const shares = Object.values<number>(report.shares.hair);
  expect(shares.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1);
  const sheet = await sharp(join(folder, '_report/contact-sheet.png')).metadata();
  expect(sheet.width).toBeGreaterThan(4 * 32);
  const overlays = await sharp(join(folder, '_report/overlays.png')).metadata();
  expect(overlays.width).toBeGreaterThan(4 * 192);

  const coco = JSON.parse(await readFile(join(folder, 'coco.json'), 'utf8'));
  expect(coco.images).toHaveLength(4);
  expect(coco.categories[0].keypoints).toHaveLength(68);
  expect(coco.annotations[0].keypoints.slice(0, 2)).toEqual(first.landmarks[0]);
});

test('an image has the same bytes for every count and number of jobs', async () => {
  await render('one', { count: 3 });
  await render('two', { count: 5, jobs: 2 });
  for (const file of ['000000.png', '000002.png', '000001.parts.png']) {
    expect((await bytes('one', file)).equals(await bytes('two', file)), file).toBe(true);
  }
  const [one, two] = await Promise.all([annotations('one'), annotations('two')]);
  expect(two.slice(0, 3)).toEqual(one);
  const other = await render('other', { count: 1, seed: 5 });
  expect(other.images).toBe(1);
  expect((await bytes('other', '000000.png')).equals(await bytes('one', '000000.png'))).toBe(false);
});

test('greyscale images have one channel', async () => {
  await render('gray', { count: 1, grayscale: true });
  expect((await sharp(join(root, 'gray', '000000.png')).metadata()).channels).toBe(1);
});

test('COCO keypoints that are there grow with the set', async () => {
  await render('keypoints', { count: 2, coco: true });
  await render('keypoints', { count: 3 });
  const { images } = JSON.parse(await readFile(join(root, 'keypoints', 'coco.json'), 'utf8'));
  expect(images).toHaveLength(3);
});

test('a second run of the same settings continues, after a torn line too', async () => {
  await render('more', { count: 3 });
  const path = join(root, 'more', 'metadata.jsonl');
  const whole = await readFile(path, 'utf8');
  const lines = whole.split('\n');
  await writeFile(path, `${lines[0]}\n${lines[1].slice(0, 40)}`);
  const summary = await render('more', { count: 3 });
  expect(summary).toMatchObject({ images: 3, rendered: 2 });
  expect(await readFile(path, 'utf8')).toBe(whole);
  expect((await render('more', { count: 2 })).rendered).toBe(0);
  // Whole but for its newline, a line could not be appended to.
  await writeFile(path, whole.trimEnd());
  await writeFile(join(root, 'more', '.000002.png.1-0123abcd.tmp'), 'left by a killed run');
  expect(await render('more', { count: 3 })).toMatchObject({ images: 3, rendered: 1 });
  expect(await readFile(path, 'utf8')).toBe(whole);
  expect(await readdir(join(root, 'more'))).not.toContain('.000002.png.1-0123abcd.tmp');
});

test('an abort finishes what is in hand; the rest follows later', async () => {
  const controller = new AbortController();
  const options = { out: join(root, 'aborted'), count: 12, jobs: 1, ...small };
  const onProgress = (done: number) => done === 2 && controller.abort();
  const summary = await renderDataset(options, { onProgress, signal: controller.signal });
  expect(summary.outcome).toBe('interrupted');
  expect(summary.images).toBeGreaterThanOrEqual(2);
  expect(summary.images).toBeLessThan(12);
  expect(await annotations('aborted')).toHaveLength(summary.images);
  expect((await renderDataset(options)).images).toBe(12);
});

test('a set from before a key of the configuration existed goes on', async () => {
  await render('older', { count: 2 });
  const path = join(root, 'older', '_report', 'settings.json');
  const settings = JSON.parse(await readFile(path, 'utf8'));
  delete settings.config.background.hue;
  delete settings.config.expression.smile;
  await writeFile(path, JSON.stringify(settings));
  expect(await render('older')).toMatchObject({ images: 4, rendered: 2 });
  await render('uninterrupted');
  for (const name of ['000002.png', '000003.png', 'metadata.jsonl']) {
    expect((await bytes('older', name)).equals(await bytes('uninterrupted', name))).toBe(true);
  }
  const config = renderConfig({ background: { hue: { min: 200 } } });
  await expect(render('older', { config })).rejects.toThrow(/Expected the background\.hue\.min/);
});

test('other settings and other folders are refused', async () => {
  await render('settled', { count: 1 });
  await expect(render('settled', { seed: 9 })).rejects.toThrow(
    /Expected the seed that .* was rendered with, 4, got 9/,
  );
  const config = { hair: { none: 1 } };
  await expect(render('settled', { config })).rejects.toThrow(/Expected the hair\.none that/);
  await writeFile(join(root, 'note.txt'), 'mine');
  await expect(render('.')).rejects.toThrow(/Expected an empty folder or a rendered set/);
  await expect(render('note.txt')).rejects.toThrow(/Expected a folder on the way/);
  await expect(render('note.txt/inside')).rejects.toThrow(UserError);
});

test.each([
  [{ count: 0 }, 'count'],
  [{ size: 8 }, 'size'],
  [{ seed: 1.5 }, 'seed'],
  [{ jobs: -1 }, 'jobs'],
  [{ imagesPerIdentity: 0 }, 'imagesPerIdentity'],
])('%j is refused', async (options, name) => {
  await expect(render('refused', options)).rejects.toThrow(
    `Expected \`${name}\` to be a whole number`,
  );
});
