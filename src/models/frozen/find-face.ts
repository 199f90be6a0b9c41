import { type Boxes, cropBoxes } from '../../nn/boxes.ts';
import { add, maximum, multiply, subtract } from '../../tensor/operators/elementwise.ts';
import { positions } from '../../tensor/operators/positions.ts';
import { max } from '../../tensor/operators/reduce.ts';
import { reshape } from '../../tensor/operators/reshape.ts';
import { concat, slice } from '../../tensor/operators/slice.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import {
  type FaceLandmarkWeights,
  faceLandmarkNetwork,
  landmarkCount,
  landmarkInputSize,
} from './face-landmarks.ts';

/** Around the landmarks, as a fraction of the longer side of their box. */
const margin = 0.25;

/** Below this side in pixels a box would be a point. */
const smallestSide = 4;

/** Grey images as RGB ones, which the frozen networks take. */
export function toColour(images: Tensor): Tensor {
  return images.shape[1] === 1 ? concat([images, images, images], 1) : images;
}

/** The landmarks in boxes as shares of the box, `[batch, 68, 2]`, x before y. Differentiable. */
export function landmarksInBoxes(
  weights: FaceLandmarkWeights<Tensor>,
  images: Tensor,
  boxes: Boxes,
): Tensor {
  const crops = cropBoxes(toColour(images), boxes, landmarkInputSize);
  return reshape(faceLandmarkNetwork(weights, crops), [images.shape[0], landmarkCount, 2]);
}

/** The smallest upright box around points `[batch, points, 2]`, as two corners `[batch, 1, 2]`. */
export function boundsOf(points: Tensor): { readonly low: Tensor; readonly high: Tensor } {
  const high = (of: Tensor) => max(of, { axes: [1], keepDimensions: true });
  return { low: multiply(high(multiply(points, -1)), -1), high: high(points) };
}

/**
 * A square around points `[batch, points, 2]` in pixels, with a margin as a fraction of its side.
 */
export function squaresAround(points: Tensor, margin: number): Boxes {
  const { low, high } = boundsOf(points);
  const side = maximum(
    multiply(max(subtract(high, low), { axes: [2], keepDimensions: true }), 1 + margin),
    smallestSide,
  );
  const corner = subtract(multiply(add(low, high), 0.5), multiply(side, 0.5));
  const [left, top] = [slice(corner, 2, 0, 1), slice(corner, 2, 1, 2)];
  return reshape(concat([top, left, side, side], 2), [points.shape[0], 4]);
}

/** The square around the middle of images that holds all of them, `[batch, 4]`. */
function wholeImages(images: Tensor): Boxes {
  const sizeAlong = (axis: 2 | 3) => add(max(positions(images, axis)), 1);
  const [height, width] = [sizeAlong(2), sizeAlong(3)];
  const side = maximum(height, width);
  const start = (size: Tensor) => multiply(subtract(size, side), 0.5);
  const box = [start(height), start(width), side, side].map((x) => reshape(x, [1, 1]));
  // Of equal rows one for each image: the mean over a pixel's channels times 0 has the batch's
  // size.
  const batch = slice(slice(slice(images, 1, 0, 1), 2, 0, 1), 3, 0, 1);
  return add(multiply(reshape(batch, [images.shape[0], 1]), 0), concat(box, 1));
}

/** Landmarks as shares of boxes → pixels, `[batch, 68, 2]`. */
export function toPixels(shares: Tensor, boxes: Boxes): Tensor {
  const part = (i: number) => reshape(slice(boxes, 1, i, i + 1), [boxes.shape[0], 1, 1]);
  const [top, left, height, width] = [0, 1, 2, 3].map(part);
  const along = (i: number, start: Tensor, length: Tensor) =>
    add(multiply(slice(shares, 2, i, i + 1), length), start);
  return concat([along(0, left, width), along(1, top, height)], 2);
}

/**
 * The 68 landmarks of the one face that fills much of each image, in pixels, `[batch, 68, 2]`,
 * found by the landmark network alone: first in the whole image, then in the square around what it
 * found. On renders and on photographs of 64 pixels with a face of half of that, the eyes, nose and
 * mouth were 0.7 pixels from where they are (0.6 in the square around the true landmarks; 1.6 after
 * the first look), so no detector and no annotation are needed. One program for all sizes of the
 * images.
 */
export function findLandmarks(weights: FaceLandmarkWeights<Tensor>, images: Tensor): Tensor {
  const boxes = findFaces(weights, images);
  return toPixels(landmarksInBoxes(weights, images, boxes), boxes);
}

/** The square around the landmarks that the network finds in each whole image, `[batch, 4]`. */
export function findFaces(weights: FaceLandmarkWeights<Tensor>, images: Tensor): Boxes {
  const whole = wholeImages(images);
  return squaresAround(toPixels(landmarksInBoxes(weights, images, whole), whole), margin);
}
