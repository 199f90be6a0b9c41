import { join } from 'node:path';
import sharp from 'sharp';
import { writeContactSheet } from '../../files/contact-sheet.ts';
import { partColors } from '../assets/parts.ts';
import type { Annotation } from './annotation.ts';

/** Larger images are shrunk to this, or a hundred of them would not fit into memory. */
const largestCell = 160;

/** Writes the first images of a set, ten a row. */
export async function writeImageSheet(
  path: string,
  images: { readonly folder: string; readonly size: number },
  annotations: readonly Annotation[],
): Promise<void> {
  const { folder, size } = images;
  const items = annotations.map(({ file_name }) => ({ pictures: [join(folder, file_name)] }));
  const edge = Math.min(size, largestCell);
  const cell = { width: edge, height: edge };
  await writeContactSheet(path, items, { itemsPerRow: 10, gap: 1, cell });
}

const overlayEdge = 192;

/** Mask colours as RGBA pixels; the background stays clear. */
async function tintedMask(path: string) {
  const mask = sharp(path).toColourspace('b-w').raw();
  const { data, info } = await mask.toBuffer({ resolveWithObject: true });
  const pixels = Buffer.alloc(info.width * info.height * 4);
  for (let i = 0; i < info.width * info.height; i++) {
    const part = data[i * info.channels];
    pixels.set([...partColors[part], part === 0 ? 0 : 110], 4 * i);
  }
  return { pixels, size: info.width };
}

/** An image with its mask and its landmarks (green seen, red hidden) drawn over it. */
async function overlay(folder: string, annotation: Annotation) {
  const { pixels, size } = await tintedMask(join(folder, annotation.parts_file_name));
  const edge = overlayEdge;
  const raw = { width: size, height: size, channels: 4 } as const;
  const tint = sharp(pixels, { raw }).resize(edge, edge, { kernel: 'nearest' }).png();
  const scale = edge / size;
  const dots = annotation.landmarks.map(([x, y], i) => {
    const fill = annotation.landmarks_visible[i] ? '#2f2' : '#f22';
    return `<circle cx="${x * scale}" cy="${y * scale}" r="1.5" fill="${fill}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${edge}" height="${edge}">${dots.join('')}</svg>`;
  const data = await sharp(join(folder, annotation.file_name))
    .toColourspace('srgb')
    .resize(edge, edge, { kernel: 'cubic' })
    .composite([{ input: await tint.toBuffer() }, { input: Buffer.from(svg) }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return { data, width: edge, height: edge, channels: 3 } as const;
}

/** Writes the first images with masks and landmarks over them, to check labels by eye. */
export async function writeOverlaySheet(
  path: string,
  folder: string,
  annotations: readonly Annotation[],
): Promise<void> {
  const items = annotations.map(async (a) => ({ pictures: [await overlay(folder, a)] }));
  await writeContactSheet(path, await Promise.all(items), { itemsPerRow: 8, gap: 1, scale: 1 });
}
