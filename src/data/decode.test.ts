import sharp from 'sharp';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';
import { BrokenImageError, decodeImage } from './decode.ts';
import { inspectHeader } from './image-header.ts';
import { luma } from './pixels.ts';
import { noise, noiseImage, put } from './testing/images.ts';

/** Interleaved samples → one list a channel. */
function planesOf(data: Uint8Array, channels: number): number[] {
  return Array.from({ length: channels }, (_, c) =>
    [...data].filter((_, i) => i % channels === c),
  ).flat();
}

test('a PNG decodes to planes of its own bytes, without notes', async () => {
  const folder = await temporaryFolder();
  const path = await put(folder, 'a.png', await noiseImage(5, 3, 3).png().toBuffer());
  const image = await decodeImage(path, { channels: 3 });
  expect([image.height, image.width, image.channels]).toEqual([3, 5, 3]);
  expect([...image.pixels]).toEqual(planesOf(noise(45), 3));
  expect(image.notes).toEqual([]);
  expect(image.source).toEqual({ format: 'png', channels: 3, rotated: false });
});

test('colour becomes BT.601 luma where one channel is wanted', async () => {
  const folder = await temporaryFolder();
  const pixels = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 90, 90, 90]);
  const png = sharp(pixels, { raw: { width: 4, height: 1, channels: 3 } }).png();
  const path = await put(folder, 'a.png', await png.toBuffer());
  const image = await decodeImage(path, { channels: 1 });
  expect([...image.pixels]).toEqual([76, 150, 29, 90]);
});

test('grey is replicated with a note where three channels are wanted', async () => {
  const folder = await temporaryFolder();
  const path = await put(folder, 'a.png', await noiseImage(4, 4, 1).png().toBuffer());
  const colour = await decodeImage(path, { channels: 3 });
  expect([...colour.pixels]).toEqual([...noise(16), ...noise(16), ...noise(16)]);
  expect(colour.notes).toEqual(['grey']);
  const grey = await decodeImage(path, { channels: 1 });
  expect([...grey.pixels]).toEqual([...noise(16)]);
  expect(grey.notes).toEqual([]);
  expect(grey.source.channels).toBe(1);
});

test('alpha is dropped with a note, colours as stored, or kept beside them', async () => {
  const folder = await temporaryFolder();
  const path = await put(folder, 'a.png', await noiseImage(4, 4, 4).png().toBuffer());
  const planes = planesOf(noise(64), 4);
  const dropped = await decodeImage(path, { channels: 3 });
  expect([...dropped.pixels]).toEqual(planes.slice(0, 48));
  expect(dropped.notes).toEqual(['alpha']);
  expect(dropped.alpha).toBeUndefined();
  const kept = await decodeImage(path, { channels: 1, keepAlpha: true });
  expect([...(kept.alpha ?? [])]).toEqual(planes.slice(48));
  expect(kept.pixels[0]).toBe(luma(planes[0], planes[16], planes[32]));
});

test('grey with alpha, 16 bits and palettes decode to 8-bit samples', async () => {
  const folder = await temporaryFolder();
  const greyAlpha = await put(folder, 'ga.png', await noiseImage(4, 4, 2).png().toBuffer());
  expect((await decodeImage(greyAlpha, { channels: 1 })).notes).toEqual(['alpha']);

  const flat = { create: { width: 4, height: 4, channels: 3, background: '#804020' } } as const;
  const deep = await sharp(flat).toColourspace('rgb16').png().toBuffer();
  const image = await decodeImage(await put(folder, 'deep.png', deep), { channels: 3 });
  expect(image.notes).toEqual(['16-bit']);
  expect([image.pixels[0], image.pixels[16], image.pixels[32]]).toEqual([0x80, 0x40, 0x20]);

  const palette = await sharp(flat).png({ palette: true, colours: 2 }).toBuffer();
  const indexed = await decodeImage(await put(folder, 'palette.png', palette), { channels: 3 });
  expect(indexed.notes).toEqual([]);
  expect([indexed.pixels[0], indexed.pixels[16], indexed.pixels[32]]).toEqual([0x80, 0x40, 0x20]);
});

test('a CMYK JPEG becomes RGB of about the same colours, with a note', async () => {
  const folder = await temporaryFolder();
  const flat = { create: { width: 16, height: 16, channels: 3, background: '#a06050' } } as const;
  const cmyk = await sharp(flat).toColourspace('cmyk').jpeg().toBuffer();
  const image = await decodeImage(await put(folder, 'a.jpg', cmyk), { channels: 3 });
  expect(image.notes).toEqual(['cmyk']);
  expect(image.source.channels).toBe(3);
  for (const [channel, expected] of [0xa0, 0x60, 0x50].entries()) {
    expect(Math.abs(image.pixels[channel * 256] - expected)).toBeLessThan(16);
  }
});

test('an EXIF rotation is applied with a note', async () => {
  const folder = await temporaryFolder();
  const left = {
    input: Buffer.alloc(16 * 16 * 3, 255),
    raw: { width: 16, height: 16, channels: 3 },
  };
  const jpeg = await sharp({ create: { width: 32, height: 16, channels: 3, background: '#000' } })
    .composite([{ ...left, raw: { ...left.raw, channels: 3 as const }, left: 0, top: 0 }])
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const image = await decodeImage(await put(folder, 'a.jpg', jpeg), { channels: 1 });
  expect([image.height, image.width]).toEqual([32, 16]);
  expect(image.notes).toEqual(['exif-rotated']);
  expect(image.source.rotated).toBe(true);
  // Orientation 6 turns clockwise: what was left is on top.
  expect(image.pixels[8 * 16 + 8]).toBeGreaterThan(240);
  expect(image.pixels[24 * 16 + 8]).toBeLessThan(15);
});

test('a size crops the centre and averages finer detail away', async () => {
  const folder = await temporaryFolder();
  const board = Buffer.alloc(128 * 64);
  for (let i = 0; i < board.length; i++) {
    const x = i % 128;
    board[i] = x < 32 || x >= 96 ? 255 : (x + (i - x) / 128) % 2 === 0 ? 0 : 200;
  }
  const png = sharp(board, { raw: { width: 128, height: 64, channels: 1 } }).toColourspace('b-w');
  const path = await put(folder, 'a.png', await png.png().toBuffer());
  const image = await decodeImage(path, { channels: 1, size: { height: 16, width: 16 } });
  expect(image.pixels.length).toBe(256);
  for (let y = 0; y < 16; y++) {
    for (let x = 1; x < 15; x++) expect(Math.abs(image.pixels[16 * y + x] - 100)).toBeLessThan(8);
  }
});

test('a 1×1 image decodes and can be enlarged', async () => {
  const folder = await temporaryFolder();
  const png = sharp(Buffer.from([9, 8, 7]), { raw: { width: 1, height: 1, channels: 3 } }).png();
  const path = await put(folder, 'a.png', await png.toBuffer());
  expect([...(await decodeImage(path, { channels: 3 })).pixels]).toEqual([9, 8, 7]);
  const large = await decodeImage(path, { channels: 3, size: { height: 2, width: 2 } });
  expect([...large.pixels]).toEqual([9, 9, 9, 9, 8, 8, 8, 8, 7, 7, 7, 7]);
});

test.each(['jpeg', 'png', 'webp'] as const)('a %s file cut short is rejected', async (format) => {
  const folder = await temporaryFolder();
  // Tall enough that the square cropped from the middle does not need the end of the file.
  const whole = await noiseImage(200, 1000, 3).toFormat(format).toBuffer();
  for (const fraction of [0.3, 0.6, 0.98]) {
    const part = whole.subarray(0, Math.floor(fraction * whole.length));
    const path = await put(folder, `cut.${format}`, part);
    for (const size of [undefined, { height: 16, width: 16 }]) {
      const decoding = decodeImage(path, { channels: 3, size });
      await expect(decoding, `${fraction}`).rejects.toThrow(/is damaged or cut short/);
    }
  }
});

test.each([
  ['text.png', 'no image at all', 'holds no PNG, JPEG or WebP data'],
  ['empty.jpg', '', 'is empty (0 bytes)'],
  ['vector.png', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'holds no PNG,'],
])('%s is rejected with a reason', async (name, content, reason) => {
  const folder = await temporaryFolder();
  const path = await put(folder, name, content);
  const error = await decodeImage(path, { channels: 3 }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(BrokenImageError);
  expect((error as BrokenImageError).reason).toContain(reason);
  expect(await inspectHeader(path)).toContain(reason);
});

test('a file whose extension names another format, and a missing one, are rejected', async () => {
  const folder = await temporaryFolder();
  const path = await put(folder, 'a.png', await noiseImage(4, 4, 3).jpeg().toBuffer());
  await expect(decodeImage(path, { channels: 3 })).rejects.toThrow(/holds JPEG data, unlike/);
  await expect(decodeImage(`${folder}/b.png`, { channels: 3 })).rejects.toThrow(/is missing/);
});

test('a PNG header that claims 0 pixels is rejected', async () => {
  const folder = await temporaryFolder();
  const png = await noiseImage(4, 4, 3).png().toBuffer();
  png.writeUInt32BE(0, 16);
  const path = await put(folder, 'a.png', png);
  await expect(decodeImage(path, { channels: 3 })).rejects.toThrow(/is damaged or cut short/);
});
