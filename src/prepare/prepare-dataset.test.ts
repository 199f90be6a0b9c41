import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../base/user-error.ts';
import { put } from '../data/testing/images.ts';
import { fixturePath } from '../faces/testing/fixture-images.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { prepareConfigSchema } from './config.ts';
import type { CropRecord } from './index-file.ts';
import { type PrepareEvent, type PrepareOptions, prepareDataset } from './prepare-dataset.ts';
import type { PrepareSummary } from './report.ts';

const config = prepareConfigSchema.parse({ size: 64 });
let render: Buffer;
beforeAll(async () => {
  render = await readFile(fixturePath('render.png'));
});

/** Renders on a canvas: a photograph with as many faces as there are places. */
function scene(places: readonly (readonly [left: number, top: number])[], width = 400): Sharp {
  const canvas = sharp({ create: { width, height: 260, channels: 3, background: '#7a8088' } });
  return canvas.composite(places.map(([left, top]) => ({ input: render, left, top })));
}

async function run(options: PrepareOptions): Promise<readonly [PrepareSummary, PrepareEvent[]]> {
  const events: PrepareEvent[] = [];
  for await (const event of prepareDataset(options)) events.push(event);
  const last = events[events.length - 1];
  if (last.type !== 'finished') throw new Error(`Expected a summary, got ${last.type}.`);
  return [last.summary, events];
}

async function recordsIn(out: string): Promise<CropRecord[]> {
  const text = await readFile(join(out, 'metadata.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as CropRecord);
}

/** Every file of a dataset but the state and reports, with its bytes. */
async function contentOf(out: string): Promise<Map<string, string>> {
  const names = await readdir(out, { recursive: true });
  const files = names.filter((name) => /\.(png|jsonl)$/.test(name) && !name.startsWith('_')).sort();
  const contents = files.map(async (name) => {
    return [name, (await readFile(join(out, name))).toString('base64')] as const;
  });
  return new Map(await Promise.all(contents));
}

async function mixedInput(): Promise<string> {
  const input = await temporaryFolder();
  const one = scene([[130, 60]]);
  const two = scene([20, 240].map((left) => [left, 60] as const));
  const pictures: Readonly<Record<string, Sharp>> = {
    'one.png': one.clone().png(),
    'nested/two.jpg': two.jpeg(),
    'nested/one-again.jpg': one.clone().jpeg({ quality: 60 }),
    'blurred.png': sharp(await one.clone().png().toBuffer())
      .blur(3)
      .png(),
    'empty-scene.png': scene([]).ensureAlpha().toColourspace('rgb16').png(),
  };
  for (const [name, picture] of Object.entries(pictures)) {
    await put(input, name, await picture.toBuffer());
  }
  await put(input, 'broken.jpg', 'this is text');
  await put(input, 'nothing.png', '');
  return input;
}

describe('prepareDataset', () => {
  it('crops every face, says what it dropped and why, and finds nothing to do a second time', async () => {
    const [input, out] = [await mixedInput(), join(await temporaryFolder(), 'out')];
    const strict = prepareConfigSchema.parse({ size: 64, drop: { blur: 0.38 } });
    const [summary] = await run({ input, out, config: strict });
    expect(summary.photographs).toBe(7);
    // One face is left: the others show the same render.
    expect(summary.dropped).toEqual({
      unreadable: 2,
      'no-face': 1,
      'too-small': 0,
      blurred: 1,
      'extreme-crop': 0,
      'near-duplicate': 3,
    });
    expect(summary.notes).toEqual({ alpha: 3, '16-bit': 1 });
    expect(summary.unreadable.map(({ source }) => source)).toEqual(['broken.jpg', 'nothing.png']);
    const records = await recordsIn(out);
    expect(records).toHaveLength(summary.crops);
    const [record] = records;
    const { width, height, channels } = await sharp(join(out, record.file_name)).metadata();
    expect([width, height, channels]).toEqual([64, 64, 3]);
    expect(record.landmarks).toHaveLength(68);
    expect(record.score).toBeGreaterThan(0.5);
    expect(summary.reports).toContain('_report/contact-sheet.png');
    for (const report of summary.reports)
      expect((await stat(join(out, report))).size).toBeGreaterThan(100);
    const before = await contentOf(out);
    const [second, events] = await run({ input, out, config: strict });
    expect(events[0]).toEqual({ type: 'started', total: 7, done: 7 });
    expect(second).toEqual(summary);
    expect(await contentOf(out)).toEqual(before);
  });

  it('goes on after an interruption to the same bytes, and gives the same for the same seed', async () => {
    const [input, folder] = [await temporaryFolder(), await temporaryFolder()];
    const places = [
      [60, 40],
      [100, 70],
      [180, 90],
      [230, 50],
    ] as const;
    for (const [i, place] of places.entries()) {
      // Another picture each, or all but one would be near-duplicates.
      const image = sharp(await scene([place]).png().toBuffer());
      const changed = [
        image,
        image.clone().flop(),
        image.clone().blur(1.5),
        image.clone().negate(),
      ];
      await put(input, `${i}.png`, await changed[i].png().toBuffer());
    }
    const options = { input, config: prepareConfigSchema.parse({ size: 48, grayscale: true }) };
    const whole = join(folder, 'whole');
    await run({ ...options, out: whole });

    const out = join(folder, 'interrupted');
    const stop = new AbortController();
    const interrupted = async () => {
      for await (const event of prepareDataset({ ...options, out, signal: stop.signal })) {
        if (event.type === 'photograph' && event.done === 2) stop.abort();
      }
    };
    await expect(interrupted()).rejects.toThrow(/abort/i);
    expect((await recordsIn(out)).length).toBeGreaterThan(0);
    const [, events] = await run({ ...options, out });
    expect(events[0]).toEqual({ type: 'started', total: 4, done: 2 });
    expect(await contentOf(out)).toEqual(await contentOf(whole));
    const [first] = await recordsIn(out);
    expect((await sharp(join(out, first.file_name)).metadata()).channels).toBe(1);

    await rm(join(input, '0.png'));
    await run({ ...options, out });
    const left = await contentOf(out);
    expect(left.has('0-1.png')).toBe(false);
    expect((await recordsIn(out)).every(({ source }) => source !== '0.png')).toBe(true);
  });

  it('makes a crop anew that somebody removed, and leaves none of a photograph that changed', async () => {
    const [input, out] = [await temporaryFolder(), join(await temporaryFolder(), 'out')];
    const flipped = await sharp(render).flop().blur(1.5).toBuffer();
    const pair = scene([[20, 60]]).composite([
      { input: render, left: 20, top: 60 },
      { input: flipped, left: 240, top: 60 },
    ]);
    await put(input, 'pair.png', await pair.png().toBuffer());
    const options = { input, out, config: prepareConfigSchema.parse({ size: 48 }) };
    await run(options);
    const whole = await contentOf(out);
    expect([...whole.keys()].filter((name) => name.endsWith('.png'))).toHaveLength(2);

    const [{ file_name: name }] = await recordsIn(out);
    await rm(join(out, name));
    const [, events] = await run(options);
    expect(events[0]).toEqual({ type: 'started', total: 1, done: 0 });
    expect(await contentOf(out)).toEqual(whole);

    const alone = await scene([[130, 60]])
      .png()
      .toBuffer();
    await put(input, 'pair.png', alone);
    await run(options);
    const records = await recordsIn(out);
    expect(records).toHaveLength(1);
    const crops = [...(await contentOf(out)).keys()].filter((file) => file.endsWith('.png'));
    expect(crops).toEqual([records[0].file_name]);
  });

  it('takes a near-duplicate back when its original is gone or shows somebody else', async () => {
    const [input, out] = [await temporaryFolder(), join(await temporaryFolder(), 'out')];
    const picture = scene([[130, 60]]);
    await put(input, 'a.png', await picture.clone().png().toBuffer());
    await put(input, 'b.jpg', await picture.jpeg({ quality: 60 }).toBuffer());
    const options = { input, out, config: prepareConfigSchema.parse({ size: 48 }) };
    const [first] = await run(options);
    expect(first.dropped['near-duplicate']).toBe(1);
    expect((await recordsIn(out)).map(({ source }) => source)).toEqual(['a.png']);

    await put(input, 'a.png', await scene([]).png().toBuffer());
    await run(options);
    expect((await recordsIn(out)).map(({ source }) => source)).toEqual(['b.jpg']);
    const [, events] = await run(options);
    expect(events[0]).toEqual({ type: 'started', total: 2, done: 2 });

    await put(input, 'a.png', await picture.png().toBuffer());
    await run(options);
    // The one that was there keeps its place.
    expect((await recordsIn(out)).map(({ source }) => source)).toEqual(['b.jpg']);
    await rm(join(input, 'b.jpg'));
    await run(options);
    expect((await recordsIn(out)).map(({ source }) => source)).toEqual(['a.png']);
  });

  it('refuses other settings, foreign folders, and an output inside the input', async () => {
    const [input, out] = [await temporaryFolder(), await temporaryFolder()];
    await put(
      input,
      'a.png',
      await scene([[130, 60]])
        .png()
        .toBuffer(),
    );
    await run({ input, out, config });
    const other = prepareConfigSchema.parse({ size: 64, seed: 5 });
    await expect(run({ input, out, config: other })).rejects.toThrow(
      /Expected the settings .* got another seed: 5 instead of 1/,
    );
    const foreign = await temporaryFolder();
    await put(foreign, 'thesis.txt', 'mine');
    await expect(run({ input, out: foreign, config })).rejects.toThrow(/thesis\.txt/);
    await expect(run({ input, out: join(input, 'out'), config })).rejects.toThrow(/apart from/);
    await expect(run({ input: join(input, 'no'), out, config })).rejects.toThrow(UserError);
    await expect(run({ input, like: input, out, config })).rejects.toThrow(/68 landmarks/);
    const framed = prepareConfigSchema.parse({ size: 64, framing: { roll: { mean: 9 } } });
    await expect(run({ input, like: input, out, config: framed })).rejects.toThrow(
      /Expected no framing\.roll beside --like/,
    );
  });
});
