import { existsSync, readdirSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../data/decode.ts';
import {
  distanceBetween,
  leftmostEye,
  loadFaceTools,
  type Point,
  rightmostEye,
} from '../faces/index.ts';
import { packageFile } from '../faces/weights/package-file.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { compareFraming } from './compare-framing.ts';
import { prepareConfigSchema } from './config.ts';
import { readFramedFaces } from './framed-faces.ts';
import { prepareDataset } from './prepare-dataset.ts';

const data = process.env.LIFELIKE_DATA;
if (data === undefined) {
  console.warn('Skipped: LIFELIKE_DATA is not set, tests on photographs and renders are left out.');
}

/** A folder with links to `count` images of another, evenly spread. */
async function sampleOf(directory: string, count: number): Promise<string> {
  const folder = await temporaryFolder();
  const names = readdirSync(directory, { recursive: true })
    .map(String)
    .filter((name) => /\.jpg$/.test(name))
    .sort();
  for (let i = 0; i < count; i++) {
    const name = names[Math.floor((i * names.length) / count)];
    await symlink(join(directory, name), join(folder, name.replaceAll('/', '_')));
  }
  return folder;
}

async function prepare(input: string, like: string | undefined, size = 128) {
  const out = join(await temporaryFolder(), 'out');
  const config = prepareConfigSchema.parse({ size });
  for await (const event of prepareDataset({ input, out, like, config })) {
    if (event.type === 'finished') return { out, summary: event.summary };
  }
  throw new Error('Expected a summary.');
}

describe.skipIf(data === undefined)('prepare on photographs and renders', () => {
  const renders = join(data ?? '', 'renders-sample');

  it('finds a face in at least 97 % of portraits and frames them like the renders', async () => {
    const input = await sampleOf(join(data!, 'us-congress-2015/images'), 60);
    const { out, summary } = await prepare(input, renders);
    expect(summary.photographsWithFace).toBeGreaterThanOrEqual(0.97 * 60);
    expect(summary.crops).toBeGreaterThanOrEqual(57);
    const { quantities, warnings } = await compareFraming(renders, out);
    for (const quantity of ['centerX', 'centerY', 'roll'] as const) {
      expect(quantities[quantity].differs).toBe(false);
    }
    const ratio = quantities.scale.real.mean / quantities.scale.synthetic.mean;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.08);
    // Portraits look at the camera and renders all around: cropping cannot change that.
    expect(quantities.yaw.differs).toBe(true);
    expect(warnings.some((warning) => warning.startsWith('yaw'))).toBe(true);
    expect(summary.renderSuggestion).toMatch(/^lifelike render --set pose\.yaw\.mean=/);
    expect((await readFramedFaces(out)).length).toBe(summary.crops);
  });

  it('finds the centers of eyes within 3 % of their distance on labelled portraits', async () => {
    const folder = join(data!, 'canada-landmarks');
    const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
    const tools = await loadFaceTools({ threads: 1 });
    let error = 0;
    let count = 0;
    for (const name of names.filter((_, i) => i % 4 === 0)) {
      const lines = (await readFile(join(folder, name.replace('.jpg', '.tem')), 'utf8')).split(
        '\n',
      );
      // The coordinates belong to a picture three times as large.
      const truth = lines.slice(1, 3).map((line): Point => {
        const [x, y] = line
          .trim()
          .split(/\s+/)
          .map((text) => Number(text) / 3);
        return [x, y];
      });
      const image = await decodeImage(join(folder, name), { channels: 3 });
      const [{ box }] = await tools.detect(image);
      const landmarks = await tools.landmarks(image, box);
      const found = [leftmostEye(landmarks), rightmostEye(landmarks)];
      const distance = distanceBetween(truth[0], truth[1]);
      for (const [i, eye] of found.entries()) error += distanceBetween(eye, truth[i]) / distance;
      count += 2;
    }
    await tools.dispose();
    expect(count).toBe(20);
    expect(error / count).toBeLessThan(0.03);
  });

  it('takes renders as photographs and finds their poses', async () => {
    const folder = await temporaryFolder();
    const names = Array.from({ length: 20 }, (_, i) => `${String(i * 7).padStart(6, '0')}.png`);
    for (const name of names) await symlink(join(renders, name), join(folder, name));
    const { out, summary } = await prepare(folder, undefined, 64);
    expect(summary.photographsWithFace).toBeGreaterThanOrEqual(17);
    const lines = (await readFile(join(renders, 'metadata.jsonl'), 'utf8')).trimEnd().split('\n');
    const truth = new Map(
      lines.map((line) => JSON.parse(line)).map(({ file_name, pose }) => [file_name, pose]),
    );
    const records = (await readFile(join(out, 'metadata.jsonl'), 'utf8')).trimEnd().split('\n');
    const errors = records.map((line) => {
      const { source, pose } = JSON.parse(line);
      return Math.abs(pose[0] - truth.get(source)[0]);
    });
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(8);
  });
});

const photographs = (() => {
  try {
    return packageFile('tabler-ui', 'dist/demo/faces');
  } catch {
    return undefined;
  }
})();
if (photographs === undefined || !existsSync(photographs)) {
  console.warn('Skipped: no tabler-ui package, the test on its photographs is left out.');
}

it.skipIf(photographs === undefined)(
  'crops small photographs with the default framing',
  async () => {
    const { out, summary } = await prepare(await sampleOf(photographs!, 24), undefined, 64);
    expect(summary.photographsWithFace).toBeGreaterThanOrEqual(21);
    expect(summary.crops).toBeGreaterThanOrEqual(15);
    for (const { scale } of await readFramedFaces(out)) {
      expect(Math.abs(scale - 0.45)).toBeLessThan(0.08);
    }
  },
);
