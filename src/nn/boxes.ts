import { constant } from '../tensor/operators/constant.ts';
import {
  abs,
  add,
  clamp,
  divide,
  maximum,
  minimum,
  multiply,
  relu,
  subtract,
} from '../tensor/operators/elementwise.ts';
import { matmul } from '../tensor/operators/matmul.ts';
import { positions } from '../tensor/operators/positions.ts';
import { max, sum } from '../tensor/operators/reduce.ts';
import { reshape, transpose } from '../tensor/operators/reshape.ts';
import { slice } from '../tensor/operators/slice.ts';
import { ShapeError, sameShape, type Tensor } from '../tensor/tensor.ts';

/**
 * Boxes `[batch, 4]`, one an image: top, left, height and width in pixels, fractions allowed. They
 * are values of the program, so one program serves all faces. Pixel 0 reaches from 0 to 1. What is
 * made of them does not depend on the size of the images, nor on the batch: it can be symbolic.
 */
export type Boxes = Tensor;

/**
 * The inside of each image's box, resampled to `side` × `side` pixels: bilinearly where the box has
 * fewer (as RoIAlign with one sample a bin; He et al. 2017, arXiv 1703.06870, section 3), as means
 * weighted by a triangle where it has more. `[batch, channels, height, width]` →
 * `[batch, channels, side, side]`. What lies beyond the image repeats its border. Gradients flow to
 * the images, as sums of matrix products; to the boxes too.
 *
 * @throws {ShapeError} where the boxes are not `[batch, 4]`.
 */
export function cropBoxes(images: Tensor, boxes: Boxes, side: number): Tensor {
  requireBoxes('cropBoxes', images, boxes);
  const { top, left, rows, columns } = partsOf(boxes);
  const sample = (start: Tensor, length: Tensor, axis: 2 | 3) => {
    const step = multiply(length, 1 / side);
    // Row i of the crop lies at start + (i + ½) · length / side − ½.
    const position = add(subtract(start, 0.5), multiply(step, centres(side)));
    const elements = along(3, images, axis);
    const inside = minimum(maximum(position, 0), max(elements));
    const distance = abs(subtract(inside, elements));
    const weights = relu(subtract(1, divide(distance, maximum(step, 1))));
    return divide(weights, sum(weights, { axes: [3], keepDimensions: true }));
  };
  return resample(images, sample(top, rows, 2), sample(left, columns, 3));
}

export interface PasteOptions {
  /** Pixels of the crop over which its edge fades to 0. Default 2. */
  readonly feather?: number;
}

/**
 * Puts crops back where {@link cropBoxes} took them from `images`, with 0 elsewhere and a faded
 * edge: `[batch, channels, side, side]` → `[batch, channels, height, width]`. Meant for the
 * *change* of a part, which is added to the image: the image itself is then never resampled.
 *
 * @throws {ShapeError} where the boxes are not `[batch, 4]`.
 */
export function pasteBoxes(
  crops: Tensor,
  boxes: Boxes,
  images: Tensor,
  { feather = 2 }: PasteOptions = {},
): Tensor {
  requireBoxes('pasteBoxes', crops, boxes);
  const side = crops.shape[2];
  const { top, left, rows, columns } = partsOf(boxes);
  const elements = constant(
    Float32Array.from({ length: side }, (_, i) => i),
    [1, 1, 1, side],
  );
  const place = (start: Tensor, length: Tensor, axis: 2 | 3) => {
    // Row j of the image lies at (j + ½ − start) · side / length − ½ in the crop.
    const offset = subtract(add(along(2, images, axis), 0.5), start);
    const position = subtract(multiply(divide(side, length), offset), 0.5);
    const fromEdge = minimum(add(position, 0.5), subtract(side - 0.5, position));
    const window = clamp(multiply(fromEdge, 1 / feather), 0, 1);
    const inside = clamp(position, 0, side - 1);
    return multiply(relu(subtract(1, abs(subtract(inside, elements)))), window);
  };
  return resample(crops, place(top, rows, 2), place(left, columns, 3));
}

function requireBoxes(operator: string, images: Tensor, boxes: Boxes): void {
  if (images.shape.length !== 4 || !sameShape(boxes.shape, [images.shape[0], 4])) {
    const expected = '[batch, channels, height, width] and boxes [batch, 4]';
    throw new ShapeError(operator, [images, boxes], expected);
  }
}

/** Each number of the boxes as `[batch, 1, 1, 1]`. */
function partsOf(boxes: Boxes) {
  const part = (i: number) => reshape(slice(boxes, 1, i, i + 1), [boxes.shape[0], 1, 1, 1]);
  return { top: part(0), left: part(1), rows: part(2), columns: part(3) };
}

/** i + ½ for i = 0 … count − 1, `[1, 1, count, 1]`. */
function centres(count: number): Tensor {
  return constant(
    Float32Array.from({ length: count }, (_, i) => i + 0.5),
    [1, 1, count, 1],
  );
}

/** Positions along an axis of the images, laid along axis `as` of four. */
function along(as: 2 | 3, images: Tensor, axis: 2 | 3): Tensor {
  const places = positions(images, axis);
  return as === axis ? places : transpose(places);
}

/** `rows · x · columnsᵀ` for each image and channel. */
function resample(x: Tensor, rows: Tensor, columns: Tensor): Tensor {
  return matmul(rows, matmul(x, transpose(columns)));
}
