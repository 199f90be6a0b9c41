import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataset } from '../../data/dataset.ts';
import { put, putFlatImages } from '../../data/testing/images.ts';
import { rejectedImages, separateRejected } from './separate-rejected.ts';

let root: string;
let input: string;
let output: string;

const lines = [
  '{"file_name":"000.png", "identity": 7,"parts_file_name":"masks/shared.png"}',
  '{"file_name":"001.png","pose":[1,2,3]}',
  '{ "file_name" : "002.png","parts_file_name":"masks/shared.png"}',
];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'separate-'));
  [input, output] = [join(root, 'in'), join(root, 'out')];
  for (const folder of [input, output]) {
    await putFlatImages(folder, 3);
    await put(folder, 'metadata.jsonl', `${lines.join('\n')}\n`);
    await put(folder, '001.pts', 'points');
    await put(folder, 'masks/shared.png', 'mask');
    await put(folder, 'coco.json', '{}');
  }
});
afterEach(() => rm(root, { recursive: true }));

const filesOf = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

async function expectSeparated(): Promise<void> {
  expect((await openDataset(output)).images).toEqual(['000.png']);
  expect((await openDataset(join(output, 'rejected'))).images).toEqual(['001.png', '002.png']);
  expect(await readFile(join(output, 'metadata.jsonl'), 'utf8')).toBe(`${lines[0]}\n`);
  expect(await readFile(join(output, 'rejected/metadata.jsonl'), 'utf8')).toBe(
    `${lines[1]}\n${lines[2]}\n`,
  );
  expect(await filesOf(output)).toEqual([
    '000.png',
    'coco.json',
    'masks/shared.png',
    'metadata.jsonl',
    'rejected/001.png',
    'rejected/001.pts',
    'rejected/002.png',
    'rejected/coco.json',
    'rejected/masks/shared.png',
    'rejected/metadata.jsonl',
  ]);
  expect(await rejectedImages(output)).toEqual(['001.png', '002.png']);
}

test('both sides load, with every line byte for byte and every side-car', async () => {
  await separateRejected(await openDataset(input), output, new Set(['001.png', '002.png']));
  await expectSeparated();
});

test('a second run, after the first was cut short, finishes the work', async () => {
  const dataset = await openDataset(input);
  await separateRejected(dataset, output, new Set(['002.png']));
  await separateRejected(dataset, output, new Set(['001.png', '002.png']));
  await expectSeparated();
});

test('nothing rejected changes nothing', async () => {
  const before = await filesOf(output);
  await separateRejected(await openDataset(input), output, new Set());
  expect(await filesOf(output)).toEqual(before);
  expect(await rejectedImages(output)).toEqual([]);
});

test('the line of an image that could not be read goes, though nothing is rejected', async () => {
  await separateRejected(await openDataset(input), output, new Set(), new Set(['001.png']));
  expect(await readFile(join(output, 'metadata.jsonl'), 'utf8')).toBe(`${lines[0]}\n${lines[2]}\n`);
  expect(await rejectedImages(output)).toEqual([]);
});
