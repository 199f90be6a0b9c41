import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { UserError } from '../base/user-error.ts';
import { openDataset } from '../data/dataset.ts';
import { decodeImage } from '../data/decode.ts';
import { bytesToValues } from '../data/pixels.ts';
import { noise, noiseImage, put } from '../data/testing/images.ts';
import { readJsonLines } from '../files/jsonl.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { type DatasetWriter, openDatasetWriter } from './dataset-writer.ts';
import { mountSmallDisk, remount } from './testing/small-disk.ts';

const modelSha256 = 'ab'.repeat(32);

/** The paths of a fresh input folder and of an output folder beside it. */
async function folders(): Promise<{ input: string; output: string }> {
  const folder = await temporaryFolder();
  const input = join(folder, 'in');
  await mkdir(input);
  return { input, output: join(folder, 'out') };
}

async function open(input: string, output: string, model = modelSha256): Promise<DatasetWriter> {
  const dataset = await openDataset(input);
  return openDatasetWriter({ input: dataset, output, modelSha256: model });
}

/** “Refines” an image by leaving it as it is. */
async function writeUnchanged(writer: DatasetWriter, input: string, name: string): Promise<void> {
  const source = await decodeImage(join(input, name), { channels: 3, keepAlpha: true });
  const values = new Float32Array(source.pixels.length);
  bytesToValues(source.pixels, values, { width: source.width, flip: false, offset: 0 });
  await writer.write({ name, source, refined: { ...source, values }, record: { change: 0 } });
}

async function refineAll(input: string, output: string): Promise<DatasetWriter> {
  const writer = await open(input, output);
  try {
    for (const name of writer.pending) await writeUnchanged(writer, input, name);
  } finally {
    await writer.close();
  }
  return writer;
}

async function putImages(input: string, ...names: readonly string[]): Promise<void> {
  for (const [seed, name] of names.entries()) {
    await put(input, name, await noiseImage(8, 6, 3, seed).png().toBuffer());
  }
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

test('same names, formats and channel counts; annotations byte for byte; a line an image', async () => {
  const { input, output } = await folders();
  await put(input, 'a.png', await noiseImage(8, 6, 3).png().toBuffer());
  await put(input, 'a.parts.png', Buffer.from([1, 2, 3]));
  await put(input, 'sub/b.JPG', await noiseImage(9, 5, 1).jpeg().toBuffer());
  await put(input, 'sub/b.pts', 'version: 1\r\n');
  await put(input, 'sub/c.webp', await noiseImage(7, 7, 4).webp().toBuffer());
  await put(input, 'coco.json', '{ "images": [ ] }');
  await put(input, 'metadata.jsonl', '{ "file_name":"a.png", "x" : 1.0 }\n');
  await put(input, '_report/sheet.png', 'x');
  await put(input, 'rejected/z.png', 'x');
  const writer = await refineAll(input, output);
  const others = ['a.parts.png', 'sub/b.pts', 'coco.json', 'metadata.jsonl'];
  expect(await filesOf(output)).toEqual(
    [...others, '.refine.json', 'a.png', 'refinement.jsonl', 'sub/b.JPG', 'sub/c.webp'].sort(),
  );
  for (const name of others) {
    expect(await readFile(join(output, name))).toEqual(await readFile(join(input, name)));
  }
  for (const name of ['a.png', 'sub/b.JPG', 'sub/c.webp']) {
    const [before, after] = [join(input, name), join(output, name)];
    const { format, width, height, channels } = await sharp(before).metadata();
    expect(await sharp(after).metadata()).toMatchObject({ format, width, height, channels });
  }
  expect([...(await sharp(join(output, 'a.png')).raw().toBuffer())]).toEqual([...noise(8 * 6 * 3)]);
  const lines = (await readFile(join(output, 'refinement.jsonl'), 'utf8')).trim().split('\n');
  expect(lines[0]).toBe('{"file_name":"a.png","change":0}');
  expect(lines.length).toBe(3);
  expect(writer.summary()).toEqual({
    written: 3,
    earlier: 0,
    skipped: [],
    notes: { alpha: 1, 'jpeg-quality-95': 1, 'webp-lossless': 1 },
  });
  expect((await openDataset(output)).images).toEqual((await openDataset(input)).images);
});

test('a later run does what is left, whatever state the first one was stopped in', async () => {
  const { input, output } = await folders();
  await putImages(input, '0.png', '1.png', '2.png', '3.png');
  const first = await open(input, output);
  await writeUnchanged(first, input, '0.png');
  await writeUnchanged(first, input, '1.png');
  await first.close();
  // A line without its file, a file without its line, a torn line, a half file of a killed run.
  await rm(join(output, '1.png'));
  await writeFile(join(output, '2.png'), 'x');
  await writeFile(join(output, 'refinement.jsonl'), '{"file_na', { flag: 'a' });
  await writeFile(join(output, '.3.png.99-0011aaff.tmp'), 'x');
  const second = await open(input, output);
  expect(second.pending).toEqual(['1.png', '2.png', '3.png']);
  for (const name of second.pending) await writeUnchanged(second, input, name);
  await second.close();
  expect(second.summary()).toMatchObject({ written: 3, earlier: 1 });
  expect(await filesOf(output)).toEqual([
    '.refine.json',
    '0.png',
    '1.png',
    '2.png',
    '3.png',
    'refinement.jsonl',
  ]);
  const third = await open(input, output);
  expect(third.pending).toEqual([]);
  await third.close();
});

test('an unreadable image is recorded, and tried again by a later run', async () => {
  const { input, output } = await folders();
  await putImages(input, '0.png', '1.png');
  const writer = await open(input, output);
  await writer.skip('0.png', 'is empty (0 bytes)');
  await writeUnchanged(writer, input, '1.png');
  await writer.close();
  expect(writer.summary().skipped).toEqual([{ name: '0.png', reason: 'is empty (0 bytes)' }]);
  expect(await readFile(join(output, 'refinement.jsonl'), 'utf8')).toContain(
    '{"file_name":"0.png","skipped":"is empty (0 bytes)"}\n',
  );
  const again = await open(input, output);
  expect(again.pending).toEqual(['0.png']);
  await again.skip('0.png', 'is empty (0 bytes)');
  await again.close();
  const linesNow = async () => {
    const lines = await readJsonLines(join(output, 'refinement.jsonl'));
    return lines.map(({ value }) => value);
  };
  const skipped = { file_name: '0.png', skipped: 'is empty (0 bytes)' };
  expect(await linesNow()).toEqual([skipped, expect.objectContaining({ file_name: '1.png' })]);
  const mended = await open(input, output);
  await writeUnchanged(mended, input, '0.png');
  await mended.close();
  const [first, ...others] = await linesNow();
  expect(first).toMatchObject({ file_name: '0.png' });
  expect(first).not.toHaveProperty('skipped');
  expect(others).toHaveLength(1);
});

test('two runs into one folder at once: the second is refused', async () => {
  const { input, output } = await folders();
  await putImages(input, '0.png');
  const first = await open(input, output);
  await expect(open(input, output)).rejects.toThrow(/no other run uses.*"lifelike refine"/);
  await first.close();
  await (await open(input, output)).close();
});

test('an output folder of another model or input, or with other files, is refused', async () => {
  const { input, output } = await folders();
  await putImages(input, '0.png');
  await (await open(input, output)).close();
  await expect(open(input, output, 'cd'.repeat(32))).rejects.toThrow(/made from another model/);
  await putImages(input, '0.png', '1.png');
  await expect(open(input, output)).rejects.toThrow(/made from another input/);
  await mkdir(`${output}-2`);
  await writeFile(`${output}-2/thesis.txt`, 'x');
  await expect(open(input, `${output}-2`)).rejects.toThrow(/with "thesis\.txt"/);
  expect(await readdir(`${output}-2`)).toEqual(['thesis.txt']);
});

test('an output folder that is, holds or lies in the input is refused, also by a link', async () => {
  const { input } = await folders();
  await putImages(input, '0.png', 'sub/1.png');
  const link = `${input}-link`;
  await symlink(input, link);
  const outputs = [input, join(input, 'out'), join(input, '..'), join(link, 'x', 'y'), link];
  for (const output of outputs) {
    const opening = open(input, output);
    await expect(opening, output).rejects.toThrow(/apart from the input/);
    await expect(opening).rejects.toBeInstanceOf(UserError);
  }
  expect(await filesOf(input)).toEqual(['0.png', 'sub/1.png']);
  await (await open(input, `${input}-refined`)).close();
});

test('an EXIF rotation is applied without, and refused with an annotation', async () => {
  const { input, output } = await folders();
  const turned = await noiseImage(16, 8, 3).jpeg().withMetadata({ orientation: 6 }).toBuffer();
  await put(input, 'a.jpg', turned);
  await refineAll(input, output);
  const metadata = await sharp(join(output, 'a.jpg')).metadata();
  expect([metadata.width, metadata.height, metadata.orientation]).toEqual([8, 16, undefined]);
  await put(input, 'b.jpg', turned);
  await put(input, 'b.pts', 'x');
  const opening = open(input, `${output}-2`);
  await expect(opening).rejects.toThrow(/EXIF rotation in 1 of .*, first "b\.jpg"/);
  // Nothing ties the folder to the input that now has to change.
  expect(await readdir(`${output}-2`)).toEqual([]);
});

test('a path through a file is refused', async () => {
  const { input, output } = await folders();
  await putImages(input, '0.png');
  await writeFile(output, 'x');
  await expect(open(input, output)).rejects.toThrow(/Expected a folder on the way to .*got a file/);
  await expect(open(input, join(output, 'x'))).rejects.toThrow(/got a file \(ENOTDIR\)/);
});

test('a folder without permission to write is refused', async (context) => {
  if (process.getuid?.() === 0) context.skip('root may write everywhere');
  const { input, output } = await folders();
  await putImages(input, '0.png');
  await mkdir(output);
  await chmod(output, 0o500);
  await expect(open(input, output)).rejects.toThrow(/permission denied/);
});

test('a read-only file system is refused', async (context) => {
  const { input } = await folders();
  await putImages(input, '0.png');
  const small = await mountSmallDisk(context);
  remount(small, 'ro');
  await expect(open(input, small)).rejects.toThrow(/got a read-only file system \(EROFS\)/);
  await expect(open(input, join(small, 'out'))).rejects.toThrow(/EROFS/);
});

test('a full disk: a clear message, no half file, and a later run goes on', async (context) => {
  const { input } = await folders();
  for (let i = 0; i < 10; i++) {
    await put(input, `${i}.png`, await noiseImage(64, 64, 3, i).png().toBuffer());
  }
  const output = join(await mountSmallDisk(context), 'out');
  const first = refineAll(input, output);
  await expect(first).rejects.toThrow(/Expected free space for .*, got a full disk \(ENOSPC\)/);
  await expect(first).rejects.toBeInstanceOf(UserError);
  const written = (await filesOf(output)).filter((name) => name.endsWith('.png'));
  expect(written.length).toBeGreaterThan(0);
  expect(written.length).toBeLessThan(10);
  for (const name of written) await decodeImage(join(output, name), { channels: 3 });
  expect((await filesOf(output)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  remount(join(output, '..'), 'size=4m');
  const second = await refineAll(input, output);
  expect(second.summary().earlier).toBeGreaterThan(0);
  expect((await openDataset(output)).images.length).toBe(10);
});
