import sharp from 'sharp';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';
import { decodeImage } from './decode.ts';
import { encodeImage } from './encode.ts';
import type { ImageFormat } from './image-header.ts';
import { byteOf, bytesToValues, luma } from './pixels.ts';
import { noise, noiseImage, put } from './testing/images.ts';

function valuesOf(pixels: Uint8Array): Float32Array {
  const values = new Float32Array(pixels.length);
  bytesToValues(pixels, values, { width: pixels.length, flip: false, offset: 0 });
  return values;
}

test('every byte survives the way to −1 … 1 and back; values beyond are clipped', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const values = valuesOf(bytes);
  expect([values[0], values[255]]).toEqual([-1, 1]);
  expect(Array.from(values, byteOf)).toEqual([...bytes]);
  expect([-7, 7, Number.NaN, 0].map(byteOf)).toEqual([0, 255, 0, 128]);
});

test('mirroring turns each row round', () => {
  const values = new Float32Array(7);
  bytesToValues(Uint8Array.of(0, 255, 255, 0, 0, 255), values, { width: 3, flip: true, offset: 1 });
  expect([...values]).toEqual([0, 1, 1, -1, 1, -1, -1]);
});

test('grey keeps its level as luma', () => {
  for (let level = 0; level < 256; level++) expect(luma(level, level, level)).toBe(level);
});

test.each([
  ['png', 3],
  ['png', 1],
  ['webp', 3],
  ['webp', 4],
  ['png', 4],
  ['png', 2],
] as const)('a %s with %i samples a pixel survives a round trip', async (format, samples) => {
  const folder = await temporaryFolder();
  const original = noiseImage(9, 7, samples);
  const bytes = await (format === 'png'
    ? original.png()
    : original.webp({ lossless: true, exact: true })
  ).toBuffer();
  const path = await put(folder, `a.${format}`, bytes);
  const image = await decodeImage(path, { channels: samples <= 2 ? 1 : 3, keepAlpha: true });
  const values = valuesOf(image.pixels);
  const encoded = await encodeImage({ ...image, values }, image.source, image.alpha);
  const metadata = await sharp(encoded).metadata();
  expect([metadata.format, metadata.channels, metadata.depth]).toEqual([format, samples, 'uchar']);
  const { data } = await sharp(encoded).raw().toBuffer({ resolveWithObject: true });
  const again = await decodeImage(await put(folder, `b.${format}`, encoded), {
    channels: image.channels,
    keepAlpha: true,
  });
  expect(again.pixels).toEqual(image.pixels);
  expect(again.alpha).toEqual(image.alpha);
  if (samples >= 3) expect([...data]).toEqual([...noise(63 * samples)]);
});

test('JPEG keeps the picture closely and does not subsample colour', async () => {
  const folder = await temporaryFolder();
  const path = await put(folder, 'a.jpg', await noiseImage(16, 16, 3).blur(2).jpeg().toBuffer());
  const image = await decodeImage(path, { channels: 3 });
  const encoded = await encodeImage({ ...image, values: valuesOf(image.pixels) }, image.source);
  const metadata = await sharp(encoded).metadata();
  expect([metadata.format, metadata.chromaSubsampling]).toEqual(['jpeg', '4:4:4']);
  const again = await decodeImage(await put(folder, 'b.jpg', encoded), { channels: 3 });
  const errors = image.pixels.map((byte, i) => Math.abs(byte - again.pixels[i]));
  expect(Math.max(...errors)).toBeLessThan(12);
});

test.each<[ImageFormat]>([['png'], ['jpeg'], ['webp']])(
  'one channel fills three equal ones of a colour %s',
  async (format) => {
    const folder = await temporaryFolder();
    const image = { height: 8, width: 8, channels: 1 as const, values: new Float32Array(64) };
    const encoded = await encodeImage(image, { format, channels: 3 });
    expect((await sharp(encoded).metadata()).channels).toBe(3);
    const { pixels } = await decodeImage(await put(folder, `a.${format}`, encoded), {
      channels: 3,
    });
    expect(new Set(pixels)).toEqual(new Set([128]));
  },
);

test('three channels become luma in a grey file', async () => {
  const folder = await temporaryFolder();
  const image = { height: 1, width: 1, channels: 3 as const, values: Float32Array.of(1, -1, -1) };
  for (const format of ['png', 'jpeg'] as const) {
    const encoded = await encodeImage(image, { format, channels: 1 });
    expect((await sharp(encoded).metadata()).channels).toBe(1);
    const path = await put(folder, `a.${format}`, encoded);
    expect([...(await decodeImage(path, { channels: 1 })).pixels]).toEqual([76]);
  }
});
