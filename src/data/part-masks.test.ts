import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { createAnnotationSource } from './annotation-source.ts';
import { type BatchSourceOptions, createBatchSource } from './batches.ts';
import { openDataset } from './dataset.ts';
import { decodePartMask, findPartMasks } from './part-masks.ts';
import { byteOf } from './pixels.ts';
import { put, putFlatImages } from './testing/images.ts';

const greyPng = (width: number, height: number, levels: ArrayLike<number>, channels: 1 | 3 = 1) =>
  sharp(Buffer.from(Array.from(levels)), { raw: { width, height, channels } })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer();

/** Image `a.png` whose grey levels are ten times the codes of its mask. */
async function folderWithMask(codes: readonly number[], width: number, height: number) {
  const folder = await temporaryFolder();
  const levels = codes.map((code) => 10 * code);
  await put(folder, 'a.png', await greyPng(width, height, levels));
  await put(folder, 'a.parts.png', await greyPng(width, height, codes));
  return folder;
}

async function annotated(folder: string, options: Partial<BatchSourceOptions> = {}) {
  const dataset = await openDataset(folder);
  const size = { height: options.height ?? 2, width: options.width ?? 4 };
  const annotations = await createAnnotationSource({ dataset, size, partsFor: 'the.key' });
  const fixed = { channels: 1, batchSize: 2, key: randomKey(3) } as const;
  return createBatchSource({ ...fixed, ...size, dataset, annotations, ...options });
}

describe('part masks', () => {
  it('are mirrored with their images, and sides change places', async () => {
    const codes = [0, 1, 3, 12, 5, 2, 7, 13];
    const folder = await folderWithMask(codes, 4, 2);
    const source = await annotated(folder, { batchSize: 32, flip: true });
    const { images, parts: masks } = await source.batch(0);
    const mirrored = [12, 4, 1, 0, 13, 8, 2, 6];
    let flips = 0;
    for (let i = 0; i < 32; i++) {
      const levels = [...images.data.subarray(8 * i, 8 * i + 8)].map((v) => byteOf(v) / 10);
      const flipped = levels[0] === 12;
      flips += Number(flipped);
      expect([...masks!.data.subarray(8 * i, 8 * i + 8)]).toEqual(flipped ? mirrored : codes);
    }
    expect(flips).toBeGreaterThan(5);
    expect(flips).toBeLessThan(27);
    expect(masks?.shape).toEqual([32, 1, 2, 4]);
  });

  it('are resized by nearest neighbours and cropped as their images are', async () => {
    // 16 × 8 pixels in blocks of 4 × 4 with one code each; a square of 4 pixels shows the middle.
    const codes = Array.from({ length: 128 }, (_, i) => {
      const [row, column] = [Math.floor(i / 16), i % 16];
      return [1, 3, 9, 13, 15, 16, 0, 2][4 * Math.floor(row / 4) + Math.floor(column / 4)];
    });
    const source = await annotated(await folderWithMask(codes, 16, 8), { height: 4, width: 4 });
    const { parts: masks } = await source.batch(0);
    const [top, bottom] = [
      [3, 3, 9, 9],
      [16, 16, 0, 0],
    ];
    expect([...masks!.data.subarray(0, 16)]).toEqual([...top, ...top, ...bottom, ...bottom]);
  });

  it('are the same whatever is kept in memory', async () => {
    const folder = await temporaryFolder();
    await putFlatImages(folder, 6, 4);
    for (let i = 0; i < 6; i++) {
      const levels = Array.from({ length: 16 }, (_, at) => (i + at) % 17);
      await put(folder, `00${i}.parts.png`, await greyPng(4, 4, levels));
    }
    const dataset = await openDataset(folder);
    const load = async (cacheBytes: number) => {
      const size = { height: 4, width: 4 };
      const source = await createAnnotationSource({ dataset, size, partsFor: 'k', cacheBytes });
      await source.load(2);
      return (await source.load(2)).parts;
    };
    const expected = Array.from({ length: 16 }, (_, at) => (2 + at) % 17);
    expect([...(await load(0))!]).toEqual(expected);
    expect([...(await load(1000))!]).toEqual(expected);
  });

  it('are found by the name that the metadata says', async () => {
    const folder = await temporaryFolder();
    await put(folder, 'sub/a.png', await greyPng(2, 2, [0, 10, 20, 30]));
    await put(folder, 'sub/masks/a.png', await greyPng(2, 2, [4, 3, 2, 1]));
    const line = { file_name: 'a.png', parts_file_name: 'masks/a.png' };
    await put(folder, 'sub/metadata.jsonl', `${JSON.stringify(line)}\n`);
    const source = await annotated(folder, { height: 2, width: 2 });
    expect([...(await source.batch(0)).parts!.data.subarray(0, 4)]).toEqual([4, 3, 2, 1]);
  });

  it('may be lacking where no image has one, beside it or by its metadata', async () => {
    const masksOf = async (folder: string) =>
      findPartMasks(await openDataset(folder), 'the.key', { mayLack: true });
    const folder = await temporaryFolder();
    await putFlatImages(folder, 3);
    expect(await masksOf(folder)).toBeUndefined();
    const line = { file_name: '001.png', parts_file_name: 'masks/one.png' };
    await put(folder, 'metadata.jsonl', `${JSON.stringify(line)}\n`);
    expect(await masksOf(folder)).toBeUndefined();
    await put(folder, 'masks/one.png', await greyPng(8, 8, new Uint8Array(64)));
    await expect(masksOf(folder)).rejects.toThrow('got none for "000.png"');
    expect(await masksOf(await folderWithMask([0, 1, 2, 3], 2, 2))).toHaveLength(1);
  });

  it('are missed by name, with the key that needs them', async () => {
    const folder = await folderWithMask([0, 1, 2, 3], 2, 2);
    await put(folder, 'b.png', await greyPng(2, 2, [0, 0, 0, 0]));
    await expect(annotated(folder)).rejects.toThrow(
      /^Expected a part mask of every image in .* for the\.key, got none for "b\.png" \(no file "b\.parts\.png"\)\. Add the missing masks, or set every the\.key to 1\.$/,
    );
  });

  it('are refused where they have another size, colours, or cannot be read', async () => {
    const folder = await temporaryFolder();
    const size = { height: 2, width: 2 };
    const decode = async (bytes: Uint8Array | string) =>
      decodePartMask(await put(folder, 'm.png', bytes), { image: size, target: size });
    await expect(decode(await greyPng(3, 2, [0, 0, 0, 0, 0, 0]))).rejects.toThrow(
      /^Expected the part mask .*m\.png to have the 2 × 2 pixels of its image, got 3 × 2\. Mend it\.$/,
    );
    const coloured = await greyPng(2, 2, [1, 2, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1], 3);
    await expect(decode(coloured)).rejects.toThrow('part codes as grey levels');
    await expect(decode('text')).rejects.toThrow('got a file that cannot be read');
  });
});
