import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { put } from '../../src/data/testing/images.ts';
import { temporaryFolder } from '../../src/files/testing/folders.ts';
import type { Channels } from './row.ts';
import { writeSheet } from './sheet.ts';

it('shows coloured renders in grey above what a grey refiner made of them', async () => {
  const root = await temporaryFolder();
  const red = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#c01020' } })
    .png()
    .toBuffer();
  const grey = await sharp(red).greyscale().png().toBuffer();
  for (const name of ['0.png', '1.png']) {
    await put(root, join('renders', name), red);
    await put(root, join('refined', name), grey);
  }
  const folders = { renders: join(root, 'renders'), refined: join(root, 'refined') };
  /** The largest difference of a pixel's red and blue. */
  const colourOf = async (channels: Channels) => {
    const path = join(root, `${channels}.jpg`);
    await writeSheet(path, folders, { title: 'sheet', channels });
    const { data, info } = await sharp(path).toColourspace('srgb').raw().toBuffer({
      resolveWithObject: true,
    });
    const pixels = Array.from({ length: data.length / info.channels }, (_, i) => i * info.channels);
    return Math.max(...pixels.map((at) => Math.abs(data[at] - data[at + 2])));
  };
  expect(await colourOf(1)).toBeLessThan(4);
  expect(await colourOf(3)).toBeGreaterThan(100);
});
