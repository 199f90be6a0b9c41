import { expect, test } from 'vitest';
import { randomKey } from '../base/random.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { type BatchSourceOptions, createBatchSource } from './batches.ts';
import { openDataset } from './dataset.ts';
import { byteOf } from './pixels.ts';
import { noiseImage, put, putFlatImages } from './testing/images.ts';

const common = { height: 4, width: 4, channels: 1, batchSize: 4, key: randomKey(7) } as const;

type Settings = Partial<Omit<BatchSourceOptions, 'dataset'>>;

async function sourceOf(folder: string, settings: Settings = {}) {
  return createBatchSource({ ...common, ...settings, dataset: await openDataset(folder) });
}

/** Which flat images a batch holds, by their number. */
async function numbersOf(source: Awaited<ReturnType<typeof sourceOf>>, step: number) {
  const { data } = (await source.batch(step)).images;
  return Array.from({ length: 4 }, (_, i) => byteOf(data[16 * i]) / 10);
}

test('every epoch visits each image once, in an order of its own', async () => {
  const folder = await temporaryFolder();
  await putFlatImages(folder, 10);
  const source = await sourceOf(folder);
  const drawn: number[] = [];
  for (let step = 0; step < 5; step++) drawn.push(...(await numbersOf(source, step)));
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  expect(drawn.slice(0, 10).sort()).toEqual(all);
  expect(drawn.slice(10).sort()).toEqual(all);
  const again = await sourceOf(folder);
  expect(await numbersOf(again, 1)).toEqual(drawn.slice(4, 8));
  expect((await again.batch(0)).images.shape).toEqual([4, 1, 4, 4]);
});

test('a resumed run goes on with the same batches; another key gives others', async () => {
  const folder = await temporaryFolder();
  await putFlatImages(folder, 25);
  const straight = await sourceOf(folder);
  for (let step = 0; step < 6; step++) await straight.batch(step);
  const expected = await numbersOf(straight, 6);
  expect(await numbersOf(await sourceOf(folder), 6)).toEqual(expected);
  const settings = { ahead: 0, cacheBytes: 0 };
  expect(await numbersOf(await sourceOf(folder, settings), 6)).toEqual(expected);
  expect(await numbersOf(await sourceOf(folder, { key: randomKey(8) }), 6)).not.toEqual(expected);
});

test('a batch may hold more images than the set', async () => {
  const folder = await temporaryFolder();
  await putFlatImages(folder, 3);
  const numbers = await numbersOf(await sourceOf(folder), 0);
  expect(numbers.slice(0, 3).sort()).toEqual([0, 1, 2]);
});

test('about half of the images are mirrored, the same ones each time', async () => {
  const folder = await temporaryFolder();
  await put(folder, 'a.png', await noiseImage(4, 4, 1).png().toBuffer());
  const upright = (await (await sourceOf(folder)).batch(0)).images;
  const mirror = (image: Float32Array) =>
    [0, 4, 8, 12].flatMap((row) => [...image.subarray(row, row + 4)].reverse());
  const original = [...upright.data.subarray(0, 16)];
  const source = await sourceOf(folder, { flip: true, batchSize: 64 });
  const images = (await source.batch(0)).images.data.slice();
  let mirrored = 0;
  for (let i = 0; i < 64; i++) {
    const image = images.subarray(16 * i, 16 * i + 16);
    if (String([...image]) === String(original)) continue;
    expect(mirror(image)).toEqual(original);
    mirrored += 1;
  }
  expect(mirrored).toBeGreaterThan(16);
  expect(mirrored).toBeLessThan(48);
  const again = await sourceOf(folder, { flip: true, batchSize: 64 });
  expect((await again.batch(0)).images.data).toEqual(images);
});

test('broken files are replaced the same way each time and reported once', async () => {
  const folder = await temporaryFolder();
  await putFlatImages(folder, 20);
  await put(folder, '003.png', 'text');
  const source = await sourceOf(folder);
  const straight: number[][] = [];
  for (let step = 0; step < 10; step++) straight.push(await numbersOf(source, step));
  expect(straight.flat()).not.toContain(3);
  expect(source.summary()).toEqual({
    images: 20,
    broken: [{ name: '003.png', reason: 'holds no PNG, JPEG or WebP data' }],
    notes: {},
  });
  const resumed = await sourceOf(folder);
  for (const step of [9, 4]) expect(await numbersOf(resumed, step)).toEqual(straight[step]);
});

test('more than maxBroken of the set stops the run and names the first', async () => {
  const folder = await temporaryFolder();
  await putFlatImages(folder, 20);
  await put(folder, '003.png', '');
  await put(folder, '004.png', 'text');
  const run = async (settings: Settings) => {
    const source = await sourceOf(folder, settings);
    for (let step = 0; step < 5; step++) await source.batch(step);
  };
  await expect(run({})).rejects.toThrow(
    /Expected at most 5 % broken images in .*, got 2 of 20\.[\s\S]*003\.png is empty[\s\S]*004\.png holds no/,
  );
  await expect(run({ maxBroken: 0.1 })).resolves.toBeUndefined();
});

test('an inspection finds what the first bytes show and changes no batch', async () => {
  const folder = await temporaryFolder();
  await putFlatImages(folder, 20);
  await put(folder, '003.png', 'text');
  const [plain, inspected] = [await sourceOf(folder), await sourceOf(folder)];
  await inspected.inspect();
  expect(inspected.summary().broken.map(({ name }) => name)).toEqual(['003.png']);
  for (let step = 0; step < 6; step++) {
    expect(await numbersOf(inspected, step)).toEqual(await numbersOf(plain, step));
  }
  await put(folder, '004.png', '');
  await expect((await sourceOf(folder)).inspect()).rejects.toThrow(/got 2 of 20/);
});

test('a set of nothing but broken files stops, whatever is allowed', async () => {
  const folder = await temporaryFolder();
  await put(folder, 'a.png', 'text');
  await expect((await sourceOf(folder, { maxBroken: 1 })).batch(0)).rejects.toThrow(/got 1 of 1/);
});

test('conversions are counted once a file, also where nothing is cached', async () => {
  const folder = await temporaryFolder();
  await putFlatImages(folder, 2);
  await put(folder, 'x.png', await noiseImage(4, 4, 1).png().toBuffer());
  const source = await sourceOf(folder, { channels: 3, cacheBytes: 0 });
  for (let step = 0; step < 4; step++) await source.batch(step);
  // The flat images hold three equal channels, the last one a single channel.
  expect(source.summary().notes).toEqual({ grey: 3 });
});

test('the same two buffers are used in turn', async () => {
  const folder = await temporaryFolder();
  await putFlatImages(folder, 4);
  const source = await sourceOf(folder);
  const buffers: Float32Array[] = [];
  for (let step = 0; step < 6; step++) buffers.push((await source.batch(step)).images.data);
  expect(new Set(buffers).size).toBe(2);
  expect(buffers[0]).not.toBe(buffers[1]);
});

test('decoding goes on while this thread is busy', async () => {
  const folder = await temporaryFolder();
  await putFlatImages(folder, 16, 256);
  const source = await sourceOf(folder, { ahead: 1 });
  await source.batch(0);
  // A synchronous network call stands between two batches.
  for (const end = performance.now() + 300; performance.now() < end; );
  let ready = false;
  void source.batch(1).then(() => {
    ready = true;
  });
  // Two turns of the event loop hand the finished pixels over; decoding would take many more.
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(ready).toBe(true);
});
