import { constant } from '../tensor/operators/constant.ts';
import {
  abs,
  add,
  clamp,
  divide,
  minimum,
  multiply,
  relu,
  subtract,
} from '../tensor/operators/elementwise.ts';
import { matmul } from '../tensor/operators/matmul.ts';
import { reshape, transpose } from '../tensor/operators/reshape.ts';
import { slice } from '../tensor/operators/slice.ts';
import { ShapeError, sameShape, type Tensor } from '../tensor/tensor.ts';

/**
 * Boxes `[batch, 4]`, one an image: top, left, height and width in pixels, fractions allowed. They are
 * inputs of the program, so one program serves all faces. Pixel 0 reaches from 0 to 1.
 */
export type Boxes = Tensor;

/**
 * The inside of each image's box, resampled bilinearly to `side` × `side` pixels (as RoIAlign with one
 * sample a bin; He et al. 2017, arXiv 1703.06870, section 3): `[batch, channels, height, width]` →
 * `[batch, channels, side, side]`. What lies beyond the image repeats its border. Gradients flow to
 * the images, as sums of matrix products; to the boxes too.
 *
 * @throws {ShapeError} where the boxes are not `[batch, 4]`.
 */
export function cropBoxes(images: Tensor, boxes: Boxes, side: number): Tensor {
  requireBoxes('cropBoxes', images, boxes);
  const [, , height, width] = images.shape;
  const { top, left, rows, columns } = partsOf(boxes);
  const sample = (start: Tensor, length: Tensor, size: number) =>
    // Row i of the crop lies at start + (i + ½) · length / side − ½.
    interpolation(add(subtract(start, 0.5), multiply(length, centres(side, side))), size);
  return resample(images, sample(top, rows, height), sample(left, columns, width));
}

export interface PasteOptions {
  /** Height and width of the result in pixels. */
  readonly size: readonly [height: number, width: number];
  /** Pixels of the crop over which its edge fades to 0. Default 2. */
  readonly feather?: number;
}

/**
 * Puts crops back where {@link cropBoxes} took them, with 0 elsewhere and a faded edge:
 * `[batch, channels, side, side]` → `[batch, channels, height, width]`. Meant for the *change* of a
 * part, which is added to the image: the image itself is then never resampled.
 *
 * @throws {ShapeError} where the boxes are not `[batch, 4]`.
 */
export function pasteBoxes(
  crops: Tensor,
  boxes: Boxes,
  { size: [height, width], feather = 2 }: PasteOptions,
): Tensor {
  requireBoxes('pasteBoxes', crops, boxes);
  const side = crops.shape[2];
  const { top, left, rows, columns } = partsOf(boxes);
  const place = (start: Tensor, length: Tensor, size: number) => {
    // Row j of the image lies at (j + ½ − start) · side / length − ½ in the crop.
    const offset = subtract(centres(size, 1), start);
    const position = subtract(multiply(divide(side, length), offset), 0.5);
    const fromEdge = minimum(add(position, 0.5), subtract(side - 0.5, position));
    const window = clamp(multiply(fromEdge, 1 / feather), 0, 1);
    return multiply(interpolation(position, side), window);
  };
  return resample(crops, place(top, rows, height), place(left, columns, width));
}

function requireBoxes(operator: string, images: Tensor, boxes: Boxes): void {
  if (images.shape.length !== 4 || !sameShape(boxes.shape, [images.shape[0], 4])) {
    const expected = '[batch, channels, height, width] and boxes [batch, 4]';
    throw new ShapeError(operator, [images, boxes], expected);
  }
}

/** Each number of the boxes as `[batch, 1, 1]`. */
function partsOf(boxes: Boxes) {
  const part = (i: number) => reshape(slice(boxes, 1, i, i + 1), [boxes.shape[0], 1, 1]);
  return { top: part(0), left: part(1), rows: part(2), columns: part(3) };
}

/** (i + ½) / scale for i = 0 … count − 1, `[1, count, 1]`. */
function centres(count: number, scale: number): Tensor {
  const values = Float32Array.from({ length: count }, (_, i) => (i + 0.5) / scale);
  return constant(values, [1, count, 1]);
}

/** Weights `[batch, count, size]` of the `size` elements around each position `[batch, count, 1]`. */
function interpolation(position: Tensor, size: number): Tensor {
  const elements = constant(
    Float32Array.from({ length: size }, (_, i) => i),
    [1, 1, size],
  );
  return relu(subtract(1, abs(subtract(clamp(position, 0, size - 1), elements))));
}

/** `rows · x · columnsᵀ` for each image and channel. */
function resample(x: Tensor, rows: Tensor, columns: Tensor): Tensor {
  const [batch, channels, height, width] = x.shape;
  const lines = matmul(reshape(x, [batch, channels * height, width]), transpose(columns));
  const narrow = reshape(lines, [batch, channels, height, columns.shape[1]]);
  return matmul(reshape(rows, [batch, 1, rows.shape[1], height]), narrow);
}
