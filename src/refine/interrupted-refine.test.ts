import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../base/user-error.ts';
import { openDataset } from '../data/dataset.ts';
import { decodeImage } from '../data/decode.ts';
import { noiseImage, put } from '../data/testing/images.ts';
import { readJsonLines } from '../files/jsonl.ts';
import { refineConfig } from './config.ts';
import type { RefineEvent } from './refine.ts';
import { negative } from './testing/models.ts';
import {
  type Folders,
  filesOf,
  folders,
  hashesOf,
  linesOf,
  refineFolder,
  start,
} from './testing/refine-folder.ts';
import { mountSmallDisk, remount } from './testing/small-disk.ts';

async function manyImages(count: number): Promise<Folders> {
  const given = await folders(negative());
  for (let i = 0; i < count; i++) {
    const folder = i % 3 === 0 ? 'sub/' : '';
    await put(given.input, `${folder}${i}.png`, await noiseImage(9, 7, 3, i).png().toBuffer());
    await put(given.input, `${folder}${i}.pts`, `points of ${i}\n`);
  }
  return given;
}

/** What an uninterrupted run gives, in a folder beside. */
async function expectSameAsStraight(given: Folders): Promise<void> {
  const straight = { ...given, output: `${given.output}-straight` };
  await refineFolder(straight);
  const [expected, got] = [await filesOf(straight.output), await filesOf(given.output)];
  expect(hashesOf(got)).toEqual(hashesOf(expected));
  expect([...new Set(linesOf(got))]).toEqual(linesOf(expected));
}

const small = refineConfig({ batchSize: 2, threads: 1 });

test('aborted in the middle, it finishes what is under way; the next run does the rest', async () => {
  const given = await manyImages(20);
  const controller = new AbortController();
  const work = { ...given, config: small, signal: controller.signal };
  const onEvent = (event: RefineEvent) => {
    if (event.kind === 'progress') controller.abort();
  };
  const first = await refineFolder(work, onEvent);
  expect(first.outcome).toBe('interrupted');
  expect(first.written).toBeGreaterThan(0);
  expect(first.written).toBeLessThan(20);
  expect((await openDataset(given.output)).images.length).toBe(first.written);
  const second = await refineFolder(given);
  expect(second).toMatchObject({ outcome: 'finished', earlier: first.written });
  expect(second.events.find(({ kind }) => kind === 'start')).toMatchObject({ done: first.written });
  expect(second.written + second.earlier).toBe(20);
  await expectSameAsStraight(given);
  const third = await refineFolder(given);
  expect(third).toMatchObject({ outcome: 'finished', written: 0, earlier: 20 });
});

test('a caller that stops listening leaves whole files and a free folder', async () => {
  const given = await manyImages(12);
  for await (const event of start({ ...given, config: small })) {
    if (event.kind === 'progress') break;
  }
  expect(await readdir(given.output)).not.toContain('.lifelike.lock');
  await refineFolder(given);
  await expectSameAsStraight(given);
});

test('two runs into one folder at once: the second is refused, the first goes on', async () => {
  const given = await manyImages(6);
  const first = start({ ...given, config: small });
  await first.next();
  await expect(refineFolder(given)).rejects.toThrow(/Expected a folder that no other run uses/);
  for await (const _ of first);
  await expectSameAsStraight(given);
});

test('a full disk: a message that says so, whole files, and the next run goes on', async (context) => {
  const given = await folders(negative());
  for (let i = 0; i < 12; i++) {
    await put(given.input, `${i}.png`, await noiseImage(64, 64, 3, i).png().toBuffer());
  }
  const disk = await mountSmallDisk(context);
  const onDisk = { ...given, output: join(disk, 'out') };
  const first = refineFolder({ ...onDisk, config: small });
  await expect(first).rejects.toThrow(/Expected free space for .*continues where it stopped/);
  await expect(first).rejects.toBeInstanceOf(UserError);
  const { images } = await openDataset(onDisk.output);
  expect(images.length).toBeLessThan(12);
  for (const name of images) await decodeImage(join(onDisk.output, name), { channels: 3 });
  remount(disk, 'size=4m');
  // The disk may have been full for the line of an image that is there: that one is made again.
  const lines = await readJsonLines(join(onDisk.output, 'refinement.jsonl'));
  expect(lines.length).toBeLessThanOrEqual(images.length);
  expect((await refineFolder(onDisk)).earlier).toBe(lines.length);
  expect((await openDataset(onDisk.output)).images.length).toBe(12);
});

test('a read-only place is refused', async (context) => {
  const given = await manyImages(1);
  const disk = await mountSmallDisk(context);
  remount(disk, 'ro');
  const refused = refineFolder({ ...given, output: join(disk, 'out') });
  await expect(refused).rejects.toThrow(/Expected permission to use .*EROFS/);
});

test('broken images are left out by name; one too many ends it, and what is done stays', async () => {
  const given = await manyImages(40);
  await put(given.input, '5.png', 'text');
  await put(given.input, '7.png', '');
  const { events, ...outcome } = await refineFolder(given);
  expect(outcome).toMatchObject({ outcome: 'finished', written: 38 });
  const reasons = [
    { name: '5.png', reason: 'holds no PNG, JPEG or WebP data' },
    { name: '7.png', reason: 'is empty (0 bytes)' },
  ];
  expect(outcome.skipped).toEqual(expect.arrayContaining(reasons));
  expect(events.filter(({ kind }) => kind === 'skipped').length).toBe(2);
  expect(events.at(-1)).toEqual({ kind: 'progress', done: 40 });

  const strict = { ...given, output: `${given.output}-2`, config: refineConfig({ batchSize: 1 }) };
  await put(given.input, '8.png', 'text');
  const tooMany = refineFolder(strict);
  await expect(tooMany).rejects.toThrow(
    /at most 5 % broken .*got 3 of 40 so far.*kept.*--max-broken:\n {2}5\.png holds no .*\n {2}7\.png is empty/,
  );
  await expect(tooMany).rejects.toBeInstanceOf(UserError);
  const kept = (await openDataset(strict.output)).images.length;
  expect(kept).toBeGreaterThan(0);
  const allowing = refineConfig({ data: { maxBroken: 0.1 } });
  expect(await refineFolder({ ...strict, config: allowing })).toMatchObject({ earlier: kept });
});

test('a set with nothing but broken images ends in an error, whatever is allowed', async () => {
  const given = await folders(negative());
  await put(given.input, 'a.png', 'text');
  const config = refineConfig({ data: { maxBroken: 1 } });
  await expect(refineFolder({ ...given, config })).rejects.toThrow(/got 1 of 1/);
});
