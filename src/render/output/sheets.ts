import { join } from 'node:path';
import sharp from 'sharp';
import { partColors } from '../assets/parts.ts';
import type { Annotation } from './annotation.ts';

const columns = 10;

/** Puts equally large pictures side by side, ten a row, as a PNG. */
async function tile(pictures: readonly Uint8Array[], edge: number): Promise<Uint8Array> {
  const inputs = pictures.map((input, i) => ({
    input: Buffer.from(input),
    left: (i % columns) * edge,
    top: Math.floor(i / columns) * edge,
  }));
  const width = Math.min(columns, pictures.length) * edge;
  const height = Math.ceil(pictures.length / columns) * edge;
  const sheet = sharp({ create: { width, height, channels: 3, background: '#000' } });
  return sheet.composite(inputs).png().toBuffer();
}

/** The first images of a set, as they are. */
export async function contactSheet(
  folder: string,
  annotations: readonly Annotation[],
  size: number,
): Promise<Uint8Array> {
  const pictures = annotations.map(({ file_name }) =>
    sharp(join(folder, file_name)).toColourspace('srgb').png().toBuffer(),
  );
  return tile(await Promise.all(pictures), size);
}

async function overlay(folder: string, annotation: Annotation, edge: number): Promise<Uint8Array> {
  const mask = sharp(join(folder, annotation.parts_file_name)).toColourspace('b-w');
  const { data, info } = await mask.raw().toBuffer({ resolveWithObject: true });
  const tint = Buffer.alloc(info.width * info.height * 4);
  for (let i = 0; i < info.width * info.height; i++) {
    const part = data[i * info.channels];
    tint.set([...partColors[part], part === 0 ? 0 : 110], 4 * i);
  }
  const raw = { width: info.width, height: info.height, channels: 4 } as const;
  const colors = await sharp(tint, { raw })
    .resize(edge, edge, { kernel: 'nearest' })
    .png()
    .toBuffer();
  const scale = edge / info.width;
  const dots = annotation.landmarks.map(([x, y], i) => {
    const fill = annotation.landmarks_visible[i] ? '#2f2' : '#f22';
    return `<circle cx="${x * scale}" cy="${y * scale}" r="1.5" fill="${fill}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${edge}" height="${edge}">${dots.join('')}</svg>`;
  return sharp(join(folder, annotation.file_name))
    .toColourspace('srgb')
    .resize(edge, edge, { kernel: 'cubic' })
    .composite([{ input: colors }, { input: Buffer.from(svg) }])
    .png()
    .toBuffer();
}

/** The first images with masks and landmarks (green seen, red hidden) drawn over them. */
export async function overlaySheet(
  folder: string,
  annotations: readonly Annotation[],
): Promise<Uint8Array> {
  const edge = 192;
  return tile(await Promise.all(annotations.map((a) => overlay(folder, a, edge))), edge);
}
