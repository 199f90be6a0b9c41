import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { randomKey, split, uniform } from '../../base/random.ts';

/** Interleaved 8-bit samples that look like noise and depend on `seed` only. */
export function noise(count: number, seed = 0): Buffer {
  const values = uniform(split(randomKey(seed), 'noise'), count);
  return Buffer.from(values.map((u) => Math.floor(256 * u)));
}

/** A picture of noise to be encoded in whatever way the test needs. */
export function noiseImage(
  width: number,
  height: number,
  channels: 1 | 2 | 3 | 4,
  seed = 0,
): Sharp {
  const image = sharp(noise(width * height * channels, seed), { raw: { width, height, channels } });
  return channels <= 2 ? image.toColourspace('b-w') : image;
}

/** Writes a file, with the folders it needs, and returns its path. */
export async function put(
  folder: string,
  name: string,
  content: string | Uint8Array,
): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** Writes `count` PNG images `000.png` … of one colour each (grey level 10 · number). */
export async function putFlatImages(folder: string, count: number, size = 8): Promise<void> {
  for (let i = 0; i < count; i++) {
    const image = sharp(Buffer.alloc(size * size * 3, (10 * i) % 256), {
      raw: { width: size, height: size, channels: 3 },
    });
    await put(folder, `${String(i).padStart(3, '0')}.png`, await image.png().toBuffer());
  }
}
