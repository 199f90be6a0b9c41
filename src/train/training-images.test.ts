import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normal, randomKey, split } from '../base/random.ts';
import { openDataset } from '../data/dataset.ts';
import { putFlatImages } from '../data/testing/images.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { tinyConfig } from './testing/tiny-run.ts';
import { openTrainingImages } from './training-images.ts';
import { splitSets } from './validation-images.ts';

/** Points on two circles and a line: enough of a face for its size, place and roll. */
function faceAt(scale: number, seed: number): number[][] {
  const jitter = normal(split(randomKey(seed), 'jitter'), 136);
  return Array.from({ length: 68 }, (_, i) => {
    const right = i >= 36 && i < 42;
    const left = i >= 42 && i < 48;
    const x = right ? -0.25 : left ? 0.25 : 0.5 * Math.sin(i);
    const y = right || left ? -0.2 : 0.5 * Math.cos(i);
    return [
      8 * (0.5 + scale * x) + 0.02 * jitter[i],
      8 * (0.5 + scale * y) + 0.02 * jitter[68 + i],
    ];
  });
}

async function folderOfFaces(scale: number, count: number): Promise<string> {
  const folder = await temporaryFolder();
  await putFlatImages(folder, count);
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      file_name: `${String(i).padStart(3, '0')}.png`,
      landmarks: faceAt(scale * (1 + 0.02 * Math.sin(i)), i),
      pose: [Math.sin(i), Math.cos(i), 0],
    }),
  );
  await writeFile(join(folder, 'metadata.jsonl'), `${lines.join('\n')}\n`);
  return folder;
}

describe('openTrainingImages', () => {
  it('names a quantity in which the framing of both sides differs, and is quiet otherwise', async () => {
    const synthetic = await folderOfFaces(0.5, 60);
    const config = tinyConfig({});
    const same = await openTrainingImages({
      synthetic,
      real: await folderOfFaces(0.5, 60),
      config,
    });
    expect(same.warnings).toEqual([]);
    const larger = await openTrainingImages({
      synthetic,
      real: await folderOfFaces(0.8, 60),
      config,
    });
    expect(larger.warnings.join('\n')).toMatch(/^scale \(.*\) differs: renders/m);
  });

  it('compares nothing where a side has no landmarks', async () => {
    const real = await temporaryFolder();
    await putFlatImages(real, 20);
    const images = await openTrainingImages({
      synthetic: await folderOfFaces(0.5, 60),
      real,
      config: tinyConfig({}),
    });
    expect(images.warnings).toEqual([]);
  });

  it.each([
    ['regularization', { partWeights: { eyes: 2 } }, 'a part mask', 'regularization.partWeights'],
    ['parts', { refiner: true }, '68 landmarks', 'parts.refiner'],
    ['parts', { discriminator: true }, '68 landmarks', 'parts.discriminator'],
  ] as const)('needs annotations for %s %j and says so', async (section, values, what, key) => {
    const [synthetic, real] = [await temporaryFolder(), await temporaryFolder()];
    await putFlatImages(synthetic, 20);
    await putFlatImages(real, 20);
    const config = tinyConfig({ [section]: values });
    await expect(openTrainingImages({ synthetic, real, config })).rejects.toThrow(
      new RegExp(`^Expected ${what} of every image in ${synthetic} for ${key.replace('.', '\\.')}`),
    );
  });

  it('takes renders without masks where the configuration does, and says what that means', async () => {
    const [synthetic, real] = [await temporaryFolder(), await temporaryFolder()];
    await putFlatImages(synthetic, 20);
    await putFlatImages(real, 20);
    const config = tinyConfig({
      regularization: { partWeights: { eyes: 2 }, withoutMasks: 'equal' },
    });
    const images = await openTrainingImages({ synthetic, real, config });
    expect(images.warnings).toEqual([
      expect.stringContaining(
        `No image in ${synthetic} has a part mask: regularization.partWeights`,
      ),
    ]);
    expect((await images.synthetic.batch(0)).parts).toBeUndefined();
    // One mask alone is a mistake, not a set without masks.
    await writeFile(join(synthetic, '003.parts.png'), '');
    await expect(openTrainingImages({ synthetic, real, config })).rejects.toThrow(
      `Expected a part mask of every image in ${synthetic}`,
    );
  });

  it('needs landmarks of photographs only where their parts are judged', async () => {
    const synthetic = await folderOfFaces(0.5, 20);
    const real = await temporaryFolder();
    await putFlatImages(real, 20);
    const open = (parts: object) =>
      openTrainingImages({ synthetic, real, config: tinyConfig({ parts }) });
    const { landmarks } = await (await open({ refiner: true })).synthetic.batch(0);
    expect(landmarks?.shape).toEqual([2, 68, 2]);
    await expect(open({ refiner: true, discriminator: true })).rejects.toThrow(
      `of every image in ${real} for parts.discriminator, got none for "000.png"`,
    );
  });
});

/** 120 images of 40 people, three each, with metadata that says so where `named`. */
async function folderOfPeople({ named = true } = {}): Promise<string> {
  const folder = await temporaryFolder();
  await putFlatImages(folder, 120);
  const lines = Array.from({ length: 120 }, (_, i) => {
    const file_name = `${String(i).padStart(3, '0')}.png`;
    return JSON.stringify({ file_name, ...(named && { identity: personOf(file_name) }) });
  });
  await writeFile(join(folder, 'metadata.jsonl'), `${lines.join('\n')}\n`);
  return folder;
}

const personOf = (name: string) => Math.floor(Number.parseInt(name, 10) / 3);

const holdingOut = tinyConfig({ selection: { every: 1, holdOut: 0.3, images: 100 } });

describe('the hashes of the lists', () => {
  it('differ where other images are held out, and only there', async () => {
    const [real, people, strangers] = [
      await folderOfPeople(),
      await folderOfPeople(),
      await folderOfPeople({ named: false }),
    ];
    const listsOf = async (synthetic: string, config = holdingOut) =>
      (await openTrainingImages({ synthetic, real, config })).lists;
    const [named, unnamed] = [await listsOf(people), await listsOf(strangers)];
    expect(named.synthetic).not.toBe(unnamed.synthetic);
    expect([named.synthetic, unnamed.real]).toEqual([named.real, named.real]);
    const all = tinyConfig({});
    expect(await listsOf(people, all)).toEqual(await listsOf(strangers, all));
  });
});

describe('splitSets', () => {
  it('holds out all images of a person where the metadata says who it is', async () => {
    const [renders, photographs] = [
      await openDataset(await folderOfPeople()),
      await openDataset(await folderOfPeople()),
    ];
    const sets = await splitSets(holdingOut, renders, photographs);
    const sides = [
      [sets.synthetic, sets.validation!.renders],
      [sets.real, sets.validation!.photographs],
    ] as const;
    for (const [trained, heldOut] of sides) {
      const people = new Set(trained.images.map(personOf));
      expect(heldOut.filter(({ name }) => people.has(personOf(name)))).toEqual([]);
      expect(trained.images.length + heldOut.length).toBe(120);
    }
  });
});
