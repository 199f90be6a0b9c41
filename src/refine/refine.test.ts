import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { UserError } from '../base/user-error.ts';
import { openDataset } from '../data/dataset.ts';
import { decodeImage } from '../data/decode.ts';
import { byteOf, bytesToValues } from '../data/pixels.ts';
import { noise, noiseImage, put } from '../data/testing/images.ts';
import { createSession } from '../runtime/session.ts';
import { negate, sqrt } from '../tensor/operators/elementwise.ts';
import { pixelShuffle, pixelUnshuffle } from '../tensor/operators/pixel-shuffle.ts';
import { averagePool2d } from '../tensor/operators/pooling.ts';
import { metadataKeys } from '../train/export-refiner.ts';
import { refineConfig } from './config.ts';
import { edited, eyeRefiner, modelOf, negative } from './testing/models.ts';
import { filesOf, folders, linesOf, refineFolder } from './testing/refine-folder.ts';

/** The samples of a file, interleaved; sharp would make three of a grey one. */
async function rawOf(path: string): Promise<number[]> {
  const { space } = await sharp(path).metadata();
  return [...(await sharp(path).toColourspace(space).raw().toBuffer())];
}

async function putEveryKind(input: string): Promise<void> {
  await put(input, 'rgb.png', await noiseImage(9, 7, 3, 1).png().toBuffer());
  await put(input, 'rgb.parts.png', await noiseImage(9, 7, 1, 2).png().toBuffer());
  await put(input, 'deep/er/grey.png', await noiseImage(9, 7, 1, 3).png().toBuffer());
  await put(input, 'alpha.png', await noiseImage(5, 3, 4, 4).png().toBuffer());
  await put(input, 'grey-alpha.png', await noiseImage(5, 3, 2, 5).png().toBuffer());
  const deep = noiseImage(9, 7, 3, 6).toColourspace('rgb16').png();
  await put(input, 'deep/sixteen.png', await deep.toBuffer());
  await put(input, 'pixel.png', await noiseImage(1, 1, 3, 7).png().toBuffer());
  const flat = { create: { width: 24, height: 16, channels: 3, background: '#406080' } } as const;
  await put(input, 'flat.jpg', await sharp(flat).jpeg({ quality: 100 }).toBuffer());
  await put(input, 'flat.pts', 'version: 1\r\nn_points: 0\r\n{\r\n}\r\n');
  await put(input, 'deep/cmyk.jpeg', await sharp(flat).toColourspace('cmyk').jpeg().toBuffer());
  await put(input, 'grey.jpg', await noiseImage(16, 16, 1, 8).blur(3).jpeg().toBuffer());
  await put(
    input,
    'lossless.webp',
    await noiseImage(8, 8, 3, 9).webp({ lossless: true }).toBuffer(),
  );
  await put(
    input,
    'metadata.jsonl',
    '{"file_name":"rgb.png" ,"parts_file_name":"rgb.parts.png"}\r\n',
  );
}

test('every kind of image: names, sizes, formats, channels, annotations, lines', async () => {
  const given = await folders(negative());
  const { input, output } = given;
  await putEveryKind(input);
  const { events, ...outcome } = await refineFolder(given);
  const before = await openDataset(input);
  const after = await openDataset(output);
  expect(before.images.length).toBe(10);
  expect(after.images).toEqual(before.images);
  const files = await filesOf(output);
  for (const name of before.otherFiles) {
    expect(files.get(name), name).toEqual(await readFile(join(input, name)));
  }
  expect(files.size).toBe(before.images.length + before.otherFiles.length + 2);
  for (const name of before.images.filter((name) => !name.includes('cmyk'))) {
    const { format, width, height, channels } = await sharp(join(input, name)).metadata();
    const shape = { format, width, height, channels, depth: 'uchar' };
    expect(await sharp(join(output, name)).metadata(), name).toMatchObject(shape);
  }
  expect(await sharp(join(output, 'deep/cmyk.jpeg')).metadata()).toMatchObject({
    format: 'jpeg',
    space: 'srgb',
    width: 24,
    chromaSubsampling: '4:4:4',
  });
  const record = { model: outcome.model.sha256, accepted: true, reason: 'not verified' };
  const lines = linesOf(files).map((line) => JSON.parse(line));
  expect(lines.map(({ file_name }) => file_name).sort()).toEqual(before.images);
  expect(lines.find(({ file_name }) => file_name === 'flat.jpg')).toEqual({
    ...record,
    file_name: 'flat.jpg',
    width: 24,
    height: 16,
    // |negative − image| = 2 |v| for the values of #406080.
    meanAbsoluteChange: expect.closeTo((2 * (63.5 + 31.5 + 0.5)) / 127.5 / 3, 1),
  });
  expect(outcome).toMatchObject({ outcome: 'finished', written: 10, earlier: 0, skipped: [] });
  expect(outcome.notes).toEqual({
    alpha: 2,
    '16-bit': 1,
    cmyk: 1,
    'jpeg-quality-95': 3,
    'webp-lossless': 1,
  });
  expect(events[0]).toMatchObject({
    kind: 'warning',
    message: '9 image(s) have no metadata line.',
  });
  expect(events[1]).toMatchObject({ kind: 'start', done: 0, total: 10 });
  expect(events.at(-1)).toEqual({ kind: 'progress', done: 10 });
});

test('the pixels are what the network makes of them, alpha is copied', async () => {
  const given = await folders(negative());
  await putEveryKind(given.input);
  await refineFolder(given);
  const negated = (values: Iterable<number>) => [...values].map((value) => 255 - value);
  const written = (name: string) => rawOf(join(given.output, name));
  expect(await written('rgb.png')).toEqual(negated(noise(9 * 7 * 3, 1)));
  expect(await written('deep/er/grey.png')).toEqual(negated(noise(9 * 7, 3)));
  expect(await written('pixel.png')).toEqual(negated(noise(3, 7)));
  expect(await written('lossless.webp')).toEqual(negated(noise(8 * 8 * 3, 9)));
  expect(await written('deep/sixteen.png')).toEqual(negated(noise(9 * 7 * 3, 6)));
  const rgba = [...noise(5 * 3 * 4, 4)].map((value, i) => (i % 4 === 3 ? value : 255 - value));
  expect(await written('alpha.png')).toEqual(rgba);
  // sharp's raw output of grey and alpha lacks the alpha.
  const options = { channels: 1, keepAlpha: true } as const;
  const greyAlpha = await decodeImage(join(given.output, 'grey-alpha.png'), options);
  const samples = [...noise(5 * 3 * 2, 5)];
  expect([...greyAlpha.pixels]).toEqual(negated(samples.filter((_, i) => i % 2 === 0)));
  expect([...(greyAlpha.alpha ?? [])]).toEqual(samples.filter((_, i) => i % 2 === 1));
  for (const value of negated([0x40, 0x60, 0x80])) {
    const pixels = await written('flat.jpg');
    expect(Math.min(...pixels.map((pixel) => Math.abs(pixel - value)))).toBeLessThan(3);
  }
});

test('a grey model writes luma into three equal channels of a colour image, and says so', async () => {
  const given = await folders(negative(1));
  await put(given.input, 'a.png', await noiseImage(6, 5, 3).png().toBuffer());
  await put(given.input, 'b.png', await noiseImage(6, 5, 1).png().toBuffer());
  const { notes } = await refineFolder(given);
  expect(notes).toEqual({ 'colour-to-luma': 1 });
  const luma = (await decodeImage(join(given.input, 'a.png'), { channels: 1 })).pixels;
  const expected = [...luma].flatMap((value) => [255 - value, 255 - value, 255 - value]);
  expect(await rawOf(join(given.output, 'a.png'))).toEqual(expected);
  expect(await rawOf(join(given.output, 'b.png'))).toEqual([...noise(30)].map((v) => 255 - v));
});

test('what comes out does not depend on batches and threads, and is what ONNX Runtime gives', async () => {
  const given = await folders(eyeRefiner());
  const sizes = [16, 16, 13, 16, 1, 13, 16];
  for (const [i, width] of sizes.entries()) {
    await put(given.input, `${i}.png`, await noiseImage(width, 16, 3, i).png().toBuffer());
  }
  await refineFolder(given);
  const single = refineConfig({ batchSize: 1, threads: 2 });
  await refineFolder({ ...given, output: `${given.output}-2`, config: single });
  const written = await filesOf(given.output);
  const again = await filesOf(`${given.output}-2`);
  expect(linesOf(again)).toEqual(linesOf(written));
  const session = await createSession(await readFile(given.model), { threads: 1 });
  for (const [i, width] of sizes.entries()) {
    expect(again.get(`${i}.png`)).toEqual(written.get(`${i}.png`));
    const { pixels } = await decodeImage(join(given.input, `${i}.png`), { channels: 3 });
    const data = new Float32Array(pixels.length);
    bytesToValues(pixels, data, { width, flip: false, offset: 0 });
    const { refined } = await session.run({ images: { shape: [1, 3, 16, width], data } });
    const file = await decodeImage(join(given.output, `${i}.png`), { channels: 3 });
    const errors = file.pixels.map((value, at) => Math.abs(value - byteOf(refined.data[at])));
    expect(Math.max(...errors)).toBeLessThanOrEqual(1);
  }
  await session.dispose();
});

test('where the network needs multiples, images are padded and cropped', async () => {
  const inBlocks = modelOf((x) => pixelShuffle(pixelUnshuffle(negate(x), 4), 4));
  const fitting = edited(inBlocks, ({ metadataProps }) => {
    metadataProps!.push({ key: metadataKeys.multiple, value: '4' });
  });
  const given = await folders(fitting);
  for (const [i, width] of [8, 7, 1].entries()) {
    await put(given.input, `${i}.png`, await noiseImage(width, 5, 3, i).png().toBuffer());
  }
  await refineFolder(given);
  for (const [i, width] of [8, 7, 1].entries()) {
    const expected = [...noise(width * 5 * 3, i)].map((value) => 255 - value);
    expect(await rawOf(join(given.output, `${i}.png`))).toEqual(expected);
  }
  const silent = refineFolder({ ...(await folders(inBlocks)), input: given.input });
  await expect(silent).rejects.toThrow(/images of any size.*multiples of a number/);
  await expect(silent).rejects.toBeInstanceOf(UserError);
});

test('a network that gives another size, or NaN, is refused', async () => {
  const smaller = await folders(modelOf((x) => averagePool2d(x, { kernel: 2, stride: 2 })));
  await put(smaller.input, 'a.png', await noiseImage(6, 5, 3).png().toBuffer());
  await expect(refineFolder(smaller)).rejects.toThrow(/size it gets.*\[1, 3, 16, 16\] from/);
  await expect(stat(smaller.output)).rejects.toThrow('ENOENT');
  const zeroByZero = edited(negative(), ({ graph }) => {
    const nodes = [
      { opType: 'Sub', input: ['images', 'images'], output: ['zero'] },
      { opType: 'Div', input: ['zero', 'zero'], output: ['refined'] },
    ];
    graph!.node!.splice(0, graph!.node!.length, ...nodes);
  });
  const { input } = smaller;
  const broken = await folders(zeroByZero);
  const diverged = refineFolder({ ...broken, input });
  await expect(diverged).rejects.toThrow(/Expected numbers from the network .* got NaN/);
  await expect(stat(broken.output)).rejects.toThrow('ENOENT');
  // What is a number for the image of the trial, which is zero, may be none for others.
  const rootOfNegative = modelOf((x) => sqrt(negate(x)));
  const later = refineFolder({ ...(await folders(rootOfNegative)), input });
  await expect(later).rejects.toThrow(/got NaN/);
  const unknown = edited(negative(), ({ graph }) => {
    graph!.node![0].opType = 'Nought';
  });
  const unloadable = refineFolder({ ...(await folders(unknown)), input });
  await expect(unloadable).rejects.toThrow(/that ONNX Runtime can load in .*Nought/);
});
