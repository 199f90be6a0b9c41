import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { HostTensor } from '../../tensor/host-tensor.ts';

/** A file of `src/faces/fixtures`. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** `[1, 3, size, size]` in −1 … 1 from a function of column, row and channel in 0 … 255. */
export function imageTensor(
  size: number,
  pixel: (x: number, y: number, channel: number) => number,
): HostTensor {
  const data = Float32Array.from({ length: 3 * size * size }, (_, i) => {
    const [channel, rest] = [Math.floor(i / (size * size)), i % (size * size)];
    return pixel(rest % size, Math.floor(rest / size), channel) / 127.5 - 1;
  });
  return new HostTensor([1, 3, size, size], data);
}

/** The formula of `scripts/fixtures/frozen-networks.mjs`. */
export function formulaImage(size: number): HostTensor {
  return imageTensor(size, (x, y, c) => (x * 7 + y * (c + 3) + ((x * y) >> c)) % 256);
}

/** The render enlarged by repeating pixels, its corner at (left, top) of a black square. */
export async function renderImage(
  size: number,
  { left = 0, top = 0, repeat = 1 } = {},
): Promise<HostTensor> {
  const { data, info } = await sharp(fixturePath('render.png'))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return imageTensor(size, (x, y, c) => {
    const [u, v] = [Math.floor((x - left) / repeat), Math.floor((y - top) / repeat)];
    const outside = u < 0 || v < 0 || u >= info.width || v >= info.height;
    return outside ? 0 : data[(v * info.width + u) * 3 + c];
  });
}

/** The largest difference between two lists of numbers of one length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`Expected ${b.length} values, got ${a.length}.`);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
}
