import { type Boxes, cropBoxes } from '../nn/boxes.ts';
import { maximum, multiply, subtract } from '../tensor/operators/elementwise.ts';
import { max, mean } from '../tensor/operators/reduce.ts';
import { reshape } from '../tensor/operators/reshape.ts';
import { concat, slice } from '../tensor/operators/slice.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { boundsOf } from './frozen/find-face.ts';

/**
 * The parts of a face that have a network of their own: which of the 68 landmarks lie around each,
 * and the side of its square as a share of the longer side of the box around all landmarks. Right
 * and left are the person's.
 */
export const facePartPlaces = {
  rightEye: { from: 36, to: 42, share: 0.42 },
  leftEye: { from: 42, to: 48, share: 0.42 },
  nose: { from: 27, to: 36, share: 0.42 },
  mouth: { from: 48, to: 68, share: 0.52 },
} as const;

export type FacePart = keyof typeof facePartPlaces;
export const faceParts = Object.keys(facePartPlaces) as FacePart[];

/** Something for each part of the face. */
export type OfParts<T> = { readonly [Part in FacePart]: T };

/** Makes something for each part. */
export function forParts<T>(make: (part: FacePart) => T): OfParts<T> {
  return Object.fromEntries(faceParts.map((part) => [part, make(part)])) as OfParts<T>;
}

/** Pixels of a part's square at least: landmarks in one point give a box all the same. */
const smallestSide = 4;

/**
 * A square around each part, from the landmarks `[batch, 68, 2]` of the images in pixels. Its
 * middle is the mean of the part's landmarks, its size that of the face: an eye that shuts does not
 * zoom.
 */
export function partBoxes(landmarks: Tensor): OfParts<Boxes> {
  const [batch] = landmarks.shape;
  const { low, high } = boundsOf(landmarks);
  const face = max(subtract(high, low), { axes: [2], keepDimensions: true });
  return forParts((part) => {
    const { from, to, share } = facePartPlaces[part];
    const middle = mean(slice(landmarks, 1, from, to), { axes: [1], keepDimensions: true });
    const side = maximum(multiply(face, share), smallestSide);
    const corner = subtract(middle, multiply(side, 0.5));
    const [left, top] = [slice(corner, 2, 0, 1), slice(corner, 2, 1, 2)];
    return reshape(concat([top, left, side, side], 2), [batch, 4]);
  });
}

/** Each part of the images resampled to `side` × `side` pixels, `[batch, channels, side, side]`. */
export function cropParts(images: Tensor, landmarks: Tensor, side: number): OfParts<Tensor> {
  const boxes = partBoxes(landmarks);
  return forParts((part) => cropBoxes(images, boxes[part], side));
}
