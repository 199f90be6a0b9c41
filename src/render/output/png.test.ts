import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodePng } from './png.ts';

test.each([1, 3] as const)('round trip of %d channels', async (channels) => {
  const [width, height] = [7, 5];
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 37) % 256);
  const png = sharp(encodePng({ width, height, channels, data }));
  expect((await png.metadata()).channels).toBe(channels);
  const raw = await png.raw().toBuffer({ resolveWithObject: true });
  const read = raw.data.filter((_, i) => i % raw.info.channels < channels);
  expect([...read]).toEqual([...data]);
});

test('round trip of 16 bits', async () => {
  const data = Uint16Array.of(0, 1, 255, 256, 4660, 65535);
  const png = sharp(encodePng({ width: 3, height: 2, channels: 1, data }));
  expect((await png.metadata()).depth).toBe('ushort');
  const raw = await png.toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer();
  expect([...new Uint16Array(raw.buffer, raw.byteOffset, 6)]).toEqual([...data]);
});
