import { type RandomKey, split, uniform } from '../base/random.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { constant } from '../tensor/operators/constant.ts';
import { clamp, equal, subtract, toFloat } from '../tensor/operators/elementwise.ts';
import { matmul } from '../tensor/operators/matmul.ts';
import { reshape, transpose } from '../tensor/operators/reshape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ImageSize } from './image-size.ts';

/** How far each image is moved, in whole pixels, each `[batch, 1, 1]`. */
export type TranslationNumbers<Leaf> = {
  /** Rows that the image moves down (up where negative). */
  readonly rows: Leaf;
  /** Columns that the image moves to the right. */
  readonly columns: Leaf;
};

export interface TranslationOptions {
  /** The largest move as a share of each side. Default ⅛. */
  readonly share?: number;
}

/** Draws whole pixels of −share … share of each side, all equally likely. */
export function drawTranslation(
  key: RandomKey,
  { batch, height, width }: ImageSize,
  { share = 0.125 }: TranslationOptions = {},
): TranslationNumbers<HostTensor> {
  const draw = (label: string, side: number) => {
    const most = Math.round(side * share);
    const pixels = (u: number) => Math.floor(u * (2 * most + 1)) - most;
    const values = Float32Array.from(uniform(split(key, label), batch), pixels);
    return hostTensor([batch, 1, 1], values);
  };
  return { rows: draw('rows', height), columns: draw('columns', width) };
}

/** What lies beyond the border: 0 as published, or the nearest pixel. */
export type Border = 'zero' | 'edge';

/**
 * Moves each image of `[batch, channels, height, width]` by its own number of pixels. As a product
 * with one-hot matrices, which one program does for every move: per image `rows · x · columns`, a
 * hundredth of the work of a discriminator's first convolutions; its gradient is the transposed
 * product.
 */
export function applyTranslation(
  { rows, columns }: TranslationNumbers<Tensor>,
  images: Tensor,
  border: Border = 'zero',
): Tensor {
  const [batch, channels, height, width] = images.shape;
  const fromRows = selection(rows, height, border);
  const fromColumns = transpose(selection(columns, width, border));
  const lines = reshape(images, [batch, channels * height, width]);
  const moved = reshape(matmul(lines, fromColumns), images.shape);
  return matmul(reshape(fromRows, [batch, 1, height, height]), moved);
}

/** `[batch, size, size]`: row *i* is 1 at element *i* − move of what is selected from. */
function selection(move: Tensor, size: number, border: Border): Tensor {
  const position = Float32Array.from({ length: size }, (_, i) => i);
  const source = subtract(constant(position, [1, size, 1]), move);
  const inside = border === 'edge' ? clamp(source, 0, size - 1) : source;
  return toFloat(equal(inside, constant(position, [1, 1, size])));
}
