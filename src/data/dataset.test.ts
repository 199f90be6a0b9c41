import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../base/user-error.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { openDataset } from './dataset.ts';
import { readMetadataLines } from './metadata.ts';
import { put } from './testing/images.ts';

/** Listing reads no pixels, so any bytes do for an image. */
async function putAll(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await put(folder, name, 'x');
}

test('lists images at any depth, sorted, in any case of the extension', async () => {
  const folder = await temporaryFolder();
  await putAll(folder, ['b.PNG', 'a.jpg', 'sub/deep/c.Jpeg', 'sub/d.webp', 'notes.txt', 'e.gif']);
  const dataset = await openDataset(folder);
  expect(dataset.images).toEqual(['a.jpg', 'b.PNG', 'sub/d.webp', 'sub/deep/c.Jpeg']);
  expect(dataset.otherFiles).toEqual(['e.gif', 'notes.txt']);
});

test('leaves out hidden and private names, rejected/ and masks', async () => {
  const folder = await temporaryFolder();
  await putAll(folder, [
    '0.png',
    '0.parts.png',
    '1.png',
    'mask-of-1.png',
    '.hidden.png',
    '_report/sheet.png',
    'rejected/2.png',
    'photo.1.png',
    'photo.png',
  ]);
  await put(folder, 'metadata.jsonl', '{"file_name":"1.png","depth_file_name":"mask-of-1.png"}\n');
  const dataset = await openDataset(folder);
  expect(dataset.images).toEqual(['0.png', '1.png', 'photo.1.png', 'photo.png']);
  expect(dataset.otherFiles).toEqual(['0.parts.png', 'mask-of-1.png', 'metadata.jsonl']);
  expect(dataset.sideCars.get('0.png')).toEqual(['0.parts.png']);
  expect(dataset.sideCars.get('1.png')).toEqual(['mask-of-1.png']);
  expect(dataset.sideCars.has('photo.png')).toBe(false);
});

test('a folder named rejected can be opened itself', async () => {
  const folder = await temporaryFolder();
  await putAll(folder, ['rejected/2.png']);
  expect((await openDataset(join(folder, 'rejected'))).images).toEqual(['2.png']);
});

test('gives side-cars of the same stem in the same folder to their image', async () => {
  const folder = await temporaryFolder();
  await putAll(folder, ['s/0.png', 's/0.pts', 's/0.json', 's/0.parts.png', '0.txt', 's/00.pts']);
  const dataset = await openDataset(folder);
  expect(dataset.sideCars.get('s/0.png')).toEqual(['s/0.json', 's/0.parts.png', 's/0.pts']);
});

test('keeps the exact bytes of metadata lines, also in sub-folders', async () => {
  const folder = await temporaryFolder();
  await putAll(folder, ['a.png', 'sub/b.png', 'sub/ü.png']);
  await put(folder, 'metadata.jsonl', '\uFEFF{ "file_name" : "./a.png",  "x":1.50 }\r\n');
  await put(folder, 'sub/metadata.jsonl', '\n{"file_name":"ü.png"}\n{"file_name":"b.png"}\n{"fi');
  const dataset = await openDataset(folder);
  const lineOf = async (image: string) => {
    const line = dataset.metadata.get(image);
    return line && (await readMetadataLines(folder, [line]))[0].toString('utf8');
  };
  expect(await lineOf('a.png')).toBe('\uFEFF{ "file_name" : "./a.png",  "x":1.50 }\r');
  expect(await lineOf('sub/b.png')).toBe('{"file_name":"b.png"}');
  expect(await lineOf('sub/ü.png')).toBe('{"file_name":"ü.png"}');
  expect(dataset.notes).toEqual([]);
});

test('notes metadata of missing images and images without metadata', async () => {
  const folder = await temporaryFolder();
  await putAll(folder, ['a.png', 'b.png', 'c.png']);
  await put(folder, 'metadata.jsonl', '{"file_name":"a.png"}\n{"file_name":"z.png"}\n');
  const { notes, metadata } = await openDataset(folder);
  expect(notes).toEqual([
    '1 metadata line(s) name an image that is not there, first "z.png".',
    '2 image(s) have no metadata line.',
  ]);
  expect([...metadata.keys()]).toEqual(['a.png']);
});

test('follows links but not in circles', async () => {
  const folder = await temporaryFolder();
  await putAll(folder, ['real/a.png']);
  await symlink(folder, join(folder, 'real', 'loop'));
  await symlink(join(folder, 'real'), join(folder, 'again'));
  await symlink(join(folder, 'nowhere'), join(folder, 'dangling.png'));
  const { images } = await openDataset(folder);
  expect(images).toEqual(['again/a.png', 'dangling.png', 'real/a.png']);
});

test.each([
  ['a missing folder', 'absent', /Expected a folder of images at .*absent, got nothing/],
  ['a file', 'file.png', /Expected a folder of images at .*file\.png, got a file/],
  ['a folder without images', 'empty', /got none among its 1 file/],
])('refuses %s', async (_, name, message) => {
  const folder = await temporaryFolder();
  await putAll(folder, ['file.png', 'empty/readme.txt']);
  const opening = openDataset(join(folder, name));
  await expect(opening).rejects.toThrow(message);
  await expect(opening).rejects.toBeInstanceOf(UserError);
});

test.each([
  ['the same image twice', '{"file_name":"a.png"}\n{"file_name":"./a.png"}\n', /two for "a\.png"/],
  ['a line without file_name', '{"name":"a.png"}\n', /"file_name" in every line/],
  ['a line that is not JSON', 'a.png\n{"file_name":"a.png"}\n', /"a\.png" in line 1/],
])('refuses metadata with %s', async (_, content, message) => {
  const folder = await temporaryFolder();
  await putAll(folder, ['a.png']);
  await put(folder, 'metadata.jsonl', content);
  await expect(openDataset(folder)).rejects.toThrow(message);
});

test('an empty folder is named as such', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'nothing'));
  await expect(openDataset(join(folder, 'nothing'))).rejects.toThrow(/none among its 0 file/);
});
