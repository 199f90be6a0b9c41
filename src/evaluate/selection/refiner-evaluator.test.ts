import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { put } from '../../data/testing/images.ts';
import { fixturePath } from '../../faces/testing/fixture-images.ts';
import { temporaryFolder } from '../../files/testing/folders.ts';
import { moved } from '../../refine/verification/testing/pictures.ts';
import { tinyConfig, tinyFolders } from '../../train/testing/tiny-run.ts';
import type { TrainOutcome } from '../../train/train.ts';
import { createRefinerEvaluator } from './refiner-evaluator.ts';
import { train } from './train.ts';

const side = 64;

/**
 * Ten pictures of the face of the fixture, brighter and brighter; photographs are warmer and soft.
 */
async function putFaces(folder: string, kind: 'render' | 'photograph') {
  const files: { name: string; path: string }[] = [];
  for (let i = 0; i < 10; i++) {
    const face = sharp(fixturePath('render.png')).removeAlpha().resize(side, side);
    const bright = face.modulate({ brightness: 0.8 + 0.04 * i });
    const picture = kind === 'render' ? bright : bright.blur(0.8).tint({ r: 255, g: 190, b: 160 });
    const name = `${i}.png`;
    files.push({ name, path: await put(folder, name, await picture.png().toBuffer()) });
  }
  return files;
}

// Several networks at once: seconds on a free machine, minutes on a busy one.
vi.setConfig({ testTimeout: 600_000 });

beforeEach(async () => {
  // What earlier runs have cached would hide what is computed.
  vi.stubEnv('XDG_CACHE_HOME', await temporaryFolder());
});

describe('the evaluator of refiners', () => {
  it('measures realism and drift as evaluate does, by what was refined alone', async () => {
    const folder = await temporaryFolder();
    const images = {
      renders: await putFaces(join(folder, 'renders'), 'render'),
      photographs: await putFaces(join(folder, 'photographs'), 'photograph'),
    };
    const options = { size: [side, side], channels: 3 } as const;
    const evaluator = await createRefinerEvaluator({ ...options, images });
    try {
      const { renders, realismOfRenders, noiseFloor = 0, warnings } = evaluator;
      expect(warnings).toEqual([]);
      expect(renders.length).toBe(10);
      expect(noiseFloor).toBeGreaterThan(0.05);
      expect(noiseFloor).toBeLessThan(2);
      const same = await evaluator.measure(renders);
      expect(same).toEqual({ realism: realismOfRenders, drift: 0 });

      const warmer = renders.map((bytes) =>
        bytes.map((value, i) => (i < side * side ? value : value * 0.75)),
      );
      const measured = await evaluator.measure(warmer);
      expect(measured.realism).toBeLessThan(realismOfRenders);
      expect(await evaluator.measure(warmer)).toEqual(measured);

      const shifted = renders.map(
        (pixels) => moved({ width: side, height: side, pixels }, (x, y) => [x - 4, y]).pixels,
      );
      const { drift = 0 } = await evaluator.measure(shifted);
      expect(drift).toBeGreaterThan(2 * noiseFloor);
      expect(drift).toBeLessThan(6);
    } finally {
      await evaluator.dispose();
    }
  });

  it('refuses images of which too few can be read', async () => {
    const folder = await temporaryFolder();
    const renders = await putFaces(join(folder, 'renders'), 'render');
    await put(join(folder, 'renders'), '3.png', 'no picture');
    const options = { size: [side, side], channels: 3 } as const;
    const created = createRefinerEvaluator({
      ...options,
      images: { renders, photographs: renders },
    });
    await expect(created).rejects.toThrow(
      /^Expected at least 10 readable images .* got 9 of 10 \(3\.png .*set selection\.every to 0/,
    );
  });
});

it('train measures with it, without drift where there is no face, also in grey', async () => {
  const folders = await tinyFolders(await temporaryFolder(), { count: 24 });
  const config = tinyConfig({
    ...{ channels: 1, steps: 2, pretraining: {} },
    selection: { every: 1, images: 10, holdOut: 0.5 },
  });
  const run = train({ ...folders, config, preset: 'simgan-faces' });
  const messages: string[] = [];
  let outcome: TrainOutcome | undefined;
  while (outcome === undefined) {
    const { done, value } = await run.next();
    if (done) outcome = value;
    else if (value.kind === 'warning') messages.push(value.message);
  }
  expect(messages).toEqual([expect.stringContaining('No face is found in the held-out renders')]);
  const { selection } = outcome;
  expect(selection).toMatchObject({ reason: 'realism', candidates: 2, withinLimit: 2 });
  expect(selection?.measured).not.toHaveProperty('drift');
  expect(selection?.measured?.realism).not.toBe(selection?.measured?.realismOfRenders);
});
