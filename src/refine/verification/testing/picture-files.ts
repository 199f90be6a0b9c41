import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { decodeImage } from '../../../data/decode.ts';
import type { ColorImage } from '../../../faces/index.ts';

/** The render among the fixtures of the face networks, 64 pixels square. */
export function fixtureRender(): Promise<ColorImage> {
  const path = fileURLToPath(new URL('../../../faces/fixtures/render.png', import.meta.url));
  return decodeImage(path, { channels: 3, size: { height: 64, width: 64 } });
}

/** Writes images as `00.png`, `01.png` … */
export async function putImages(folder: string, images: readonly ColorImage[]): Promise<void> {
  for (const [i, image] of images.entries()) {
    await putImage(join(folder, `${String(i).padStart(2, '0')}.png`), image);
  }
}

export async function putImage(path: string, image: ColorImage): Promise<void> {
  const { width, height, pixels } = image;
  const count = width * height;
  const samples = Buffer.alloc(3 * count);
  for (let i = 0; i < samples.length; i++) samples[i] = pixels[(i % 3) * count + Math.floor(i / 3)];
  await mkdir(dirname(path), { recursive: true });
  await sharp(samples, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
}
