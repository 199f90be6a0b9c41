import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ContactSheet, type ContactSheetItem, writeContactSheet } from './contact-sheet.ts';
import type { Picture } from './picture.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lifelike-sheet-'));
});
afterAll(() => rm(directory, { recursive: true }));

function plain(color: readonly number[], width = 4, height = width): Picture {
  const channels = color.length as 1 | 3 | 4;
  const data = Uint8Array.from(
    { length: width * height * channels },
    (_, i) => color[i % channels],
  );
  return { data, width, height, channels };
}

async function sheetOf(items: readonly ContactSheetItem[], options: ContactSheet) {
  const path = join(directory, 'sheet.png');
  const size = await writeContactSheet(path, items, options);
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([size.width, size.height, 3]);
  const pixel = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3).slice(0, 3)];
  return { ...size, pixel };
}

const red = [255, 0, 0];
const white = [255, 255, 255];

describe('writeContactSheet', () => {
  it('places grey, colour and transparent pictures side by side', async () => {
    const pictures = [plain(red), plain([128]), plain([0, 0, 255, 0])];
    const { width, height, pixel } = await sheetOf([{ pictures }], {
      itemsPerRow: 1,
      scale: 10,
      gap: 2,
    });
    expect([width, height]).toEqual([16 + 40 + 2 + 40 + 2 + 40 + 16, 16 + 40 + 6]);
    expect(pixel(16, 16)).toEqual(red);
    expect(pixel(55, 55)).toEqual(red);
    expect(pixel(57, 30)).toEqual(white);
    expect(pixel(58, 30)).toEqual([128, 128, 128]);
    expect(pixel(110, 30)).toEqual(white);
  });

  it('enlarges pixels as squares', async () => {
    const data = Uint8Array.from([0, 255, 255, 0]);
    const checker = { data, width: 2, height: 2, channels: 1 } as const;
    const { pixel } = await sheetOf([{ pictures: [checker] }], { itemsPerRow: 1, scale: 20 });
    expect([pixel(16, 16), pixel(35, 35), pixel(36, 16), pixel(55, 55)]).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      white,
      [0, 0, 0],
    ]);
  });

  it('fits a picture of another shape into the cell', async () => {
    const items = [{ pictures: [plain(red, 8)] }, { pictures: [plain([0], 16, 4)] }];
    const { pixel } = await sheetOf(items, { itemsPerRow: 2, scale: 1, gap: 1 });
    expect(pixel(27, 16)).toEqual(white);
    expect(pixel(27, 20)).toEqual([0, 0, 0]);
  });

  it('stacks the pictures of an item, with captions on the left', async () => {
    const options = { arrangement: 'rows', captions: ['A', 'B'], scale: 5, gap: 2 } as const;
    const { pixel, width } = await sheetOf([{ pictures: [plain(red), plain([0])] }], {
      ...options,
      itemsPerRow: 1,
    });
    const x = width - 16 - 10;
    expect([pixel(x, 20), pixel(x, 36), pixel(x, 40)]).toEqual([red, white, [0, 0, 0]]);
  });

  it('makes room for title, captions and labels', async () => {
    const item = { pictures: [plain(red)], label: '000000.png' };
    const bare = await sheetOf([{ pictures: item.pictures }], { scale: 9 });
    const full = await sheetOf([item], { scale: 9, title: 'T', captions: ['render'] });
    expect(full.height - bare.height).toBe(26 + 18 + 18);
  });

  it('takes files, turned as their EXIF orientation says, and 16-bit ones', async () => {
    const path = join(directory, 'turned.jpg');
    const left = { create: { width: 8, height: 16, channels: 3, background: 'red' } } as const;
    await sharp({ create: { width: 16, height: 16, channels: 3, background: 'blue' } })
      .composite([{ input: left, left: 0, top: 0 }])
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toFile(path);
    const deep = join(directory, 'deep.png');
    const values = Uint16Array.from({ length: 16 * 16 }, () => 65_535 / 2);
    await sharp(values, { raw: { width: 16, height: 16, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toFile(deep);
    const { pixel } = await sheetOf([{ pictures: [path, deep] }], { itemsPerRow: 1, scale: 1 });
    expect(pixel(24, 19)[0]).toBeGreaterThan(240);
    expect(pixel(24, 28)[2]).toBeGreaterThan(240);
    expect(Math.abs(pixel(45, 24)[0] - 127)).toBeLessThan(2);
  });

  it('is as wide as what it shows', async () => {
    const item = { pictures: [plain(red)] };
    const { width } = await sheetOf([item, item], { scale: 10, gap: 1 });
    expect(width).toBe(16 + 40 + 3 + 40 + 16);
    const titled = await sheetOf([item], { scale: 10, title: 'a title that is wider' });
    expect(titled.width).toBeGreaterThan(150);
  });

  it('takes items as they come and refuses uneven ones', async () => {
    async function* rows() {
      for (let i = 0; i < 7; i++) yield { pictures: [plain([i])] };
    }
    const path = join(directory, 'stream.png');
    const size = await writeContactSheet(path, rows(), { itemsPerRow: 3, scale: 2, gap: 1 });
    expect(size.height).toBe(16 + 3 * (8 + 3));
    const uneven = [{ pictures: [plain(red)] }, { pictures: [plain(red), plain(red)] }];
    await expect(writeContactSheet(path, uneven)).rejects.toThrow('item 1 has 2 pictures, not 1');
  });
});
