import { expect, test } from 'vitest';
import { noiseImage, put } from '../data/testing/images.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { fullBatch, readBatches } from './read-batches.ts';

async function batchesOf(sizes: readonly number[], limits: { size: number; pixels: number }) {
  const directory = await temporaryFolder();
  const names: string[] = [];
  for (const [i, width] of sizes.entries()) {
    names.push(`${i}.png`);
    const png = width === 0 ? 'no image' : await noiseImage(width, 2, 3).png().toBuffer();
    await put(directory, `${i}.png`, png);
  }
  const found: string[] = [];
  const options = { batchSize: limits.size, batchPixels: limits.pixels };
  for await (const batch of readBatches({ directory, names, channels: 3, ...options })) {
    found.push(
      batch.kind === 'broken'
        ? `${batch.name} ${batch.reason}`
        : batch.images.map(({ name }) => name[0]).join(''),
    );
  }
  return found;
}

test('images of equal size come together, the rest at the end', async () => {
  const found = await batchesOf([4, 5, 4, 5, 4, 5, 4, 4], { size: 3, pixels: 1000 });
  expect(found).toEqual(['024', '135', '67']);
});

test('a batch has few pixels, but a large image still comes', async () => {
  expect(await batchesOf([4, 4, 4, 40, 40], { size: 8, pixels: 16 })).toEqual([
    '01',
    '3',
    '4',
    '2',
  ]);
  expect(fullBatch({ height: 100, width: 100 }, { batchSize: 8, batchPixels: 30_000 })).toBe(3);
});

test('images of many sizes do not pile up', async () => {
  const sizes = Array.from({ length: 9 }, (_, i) => i + 1);
  const found = await batchesOf(sizes, { size: 1, pixels: 1000 });
  expect(found).toEqual(sizes.map((_, i) => String(i)));
  const piled = await batchesOf([...sizes, 1], { size: 2, pixels: 1000 });
  // Eight wait at most: the first goes before its like, the tenth, is seen.
  expect(piled[0]).toBe('0');
  expect(piled.length).toBe(10);
});

test('a broken image is named with its reason, between the others', async () => {
  const found = await batchesOf([4, 0, 4], { size: 2, pixels: 1000 });
  expect(found).toEqual(['1.png holds no PNG, JPEG or WebP data', '02']);
});
