import { type RandomKey, split, uniform } from '../base/random.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { multiply, subtract } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ImageSize } from './image-size.ts';

/** The rectangle that each image loses: 1 in its rows and in its columns, 0 elsewhere. */
export type CutoutNumbers<Leaf> = {
  /** `[batch, 1, height, 1]` */
  readonly rows: Leaf;
  /** `[batch, 1, 1, width]` */
  readonly columns: Leaf;
};

export interface CutoutOptions {
  /** Sides of the rectangle as a share of the image's. Default ½. */
  readonly share?: number;
}

/**
 * Draws the centre of each rectangle anywhere in the image; what lies beyond the border is lost.
 */
export function drawCutout(
  key: RandomKey,
  { batch, height, width }: ImageSize,
  { share = 0.5 }: CutoutOptions = {},
): CutoutNumbers<HostTensor> {
  const draw = (label: string, size: number) => {
    const length = Math.round(size * share);
    const marks = new Float32Array(batch * size);
    for (const [image, u] of uniform(split(key, label), batch).entries()) {
      const centre = Math.floor(u * (size + 1 - (length % 2)));
      const start = centre - Math.floor(length / 2);
      const from = image * size + Math.max(start, 0);
      marks.fill(1, from, image * size + Math.min(start + length, size));
    }
    return marks;
  };
  return {
    rows: hostTensor([batch, 1, height, 1], draw('rows', height)),
    columns: hostTensor([batch, 1, 1, width], draw('columns', width)),
  };
}

/** Sets a rectangle of each image of `[batch, channels, height, width]` to 0. */
export function applyCutout({ rows, columns }: CutoutNumbers<Tensor>, images: Tensor): Tensor {
  return multiply(images, subtract(1, multiply(rows, columns)));
}
