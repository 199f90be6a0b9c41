import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { spread } from '../../src/base/spread.ts';
import { openDataset } from '../../src/data/dataset.ts';
import { decodeImage } from '../../src/data/decode.ts';
import { writeFileAtomically } from '../../src/files/atomic-file.ts';
import { writeContactSheet } from '../../src/files/contact-sheet.ts';
import { makeFolder } from '../../src/files/make-folder.ts';
import type { Picture } from '../../src/files/picture.ts';
import type { Channels, Run } from './row.ts';

/** Images in a row of the sheet, and rows. */
const [columns, bands] = [8, 2];
/** Bytes that a sheet in the repository may have. */
export const largestSheet = 150_000;
const qualities = [90, 82, 74, 66, 55, 40, 25];

/** `sheets/base.jpg`, and `sheets/base-grey.jpg` where the row has colour too. */
export function sheetName({ row, channels }: Run): string {
  const grey = channels === 1 && row.channels.includes(3);
  return `${row.name}${grey ? '-grey' : ''}.jpg`;
}

/** Whether a run is the one of its row, in colour or grey, that is shown. */
export function isShown({ row, seed }: Run): boolean {
  return seed === row.seeds[0];
}

/**
 * Draws renders, spread over the set, above what became of them, both as the refiner has them. No
 * photograph is on it. The JPEG is as good as fits into {@link largestSheet}.
 */
export async function writeSheet(
  path: string,
  folders: { readonly renders: string; readonly refined: string },
  { title, channels }: { readonly title: string; readonly channels: Channels },
): Promise<void> {
  const { images } = await openDataset(folders.refined);
  const items = spread(images, columns * bands).map(async (name) => {
    const paths = [join(folders.renders, name), join(folders.refined, name)];
    return { pictures: await Promise.all(paths.map((path) => pictureOf(path, channels))) };
  });
  await makeFolder(dirname(path));
  const drawn = `${path}.png`;
  try {
    await writeContactSheet(drawn, await Promise.all(items), {
      title,
      captions: ['render', 'refined'],
      arrangement: 'rows',
      itemsPerRow: columns,
      gap: 2,
    });
    await writeFileAtomically(path, await fittingJpeg(await readFile(drawn)));
  } finally {
    await rm(drawn, { force: true });
  }
}

async function pictureOf(path: string, channels: Channels): Promise<Picture> {
  if (channels === 3) return path;
  const { pixels, width, height } = await decodeImage(path, { channels });
  return { data: pixels, width, height, channels };
}

async function fittingJpeg(png: Buffer): Promise<Buffer> {
  for (const quality of qualities) {
    const jpeg = await sharp(png).jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer();
    if (jpeg.length <= largestSheet) return jpeg;
  }
  const { width = columns } = await sharp(png).metadata();
  const half = await sharp(png)
    .resize({ width: width >> 1 })
    .toBuffer();
  return fittingJpeg(half);
}
