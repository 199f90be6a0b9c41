import { constant } from '../tensor/operators/constant.ts';
import { conv2d } from '../tensor/operators/convolution.ts';
import { ShapeError, type Tensor } from '../tensor/tensor.ts';

const red = 0.299;
const green = 0.587;
const blue = 0.114;

/** Rows Y, Cb and Cr. Of gamma-corrected RGB; a difference of 1 in RGB is at most 1 in each. */
export const lumaChromaRows = [
  [red, green, blue],
  [-red, -green, 1 - blue].map((value) => value / (2 * (1 - blue))),
  [1 - red, -green, -blue].map((value) => value / (2 * (1 - red))),
] as const;

/**
 * Luma `Y = 0.299 R + 0.587 G + 0.114 B` of `[batch, 3, height, width]` (ITU-R BT.601, section
 * 2.5.1), `[batch, 1, height, width]` in the range of the images; grey images are their own.
 *
 * @throws {ShapeError} where the channels are neither 1 nor 3.
 */
export function luminance(images: Tensor): Tensor {
  return images.shape[1] === 1 ? images : weighChannels('luminance', images, [lumaChromaRows[0]]);
}

/**
 * The colour differences Cb and Cr of RGB images, `[batch, 2, height, width]` (ITU-R BT.601,
 * section 2.5.2): both 0 for grey, −1 … 1 for images in −1 … 1.
 *
 * @throws {ShapeError} where the channels are not 3.
 */
export function chrominance(images: Tensor): Tensor {
  return weighChannels('chrominance', images, lumaChromaRows.slice(1));
}

function weighChannels(name: string, images: Tensor, rows: readonly (readonly number[])[]): Tensor {
  if (images.shape.length !== 4 || images.shape[1] !== 3) {
    throw new ShapeError(name, [images], 'images [batch, 3, height, width]');
  }
  return conv2d(images, constant(rows.flat(), [rows.length, 3, 1, 1]));
}
