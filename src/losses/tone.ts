import { multiply, subtract } from '../tensor/operators/elementwise.ts';
import { averagePool2d } from '../tensor/operators/pooling.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { differenceNorm, type Norm } from './difference-norm.ts';
import { requireImagePair } from './image-pair.ts';
import type { Reduction } from './reduction.ts';

export interface ToneOptions {
  readonly norm: Norm;
  readonly reduction: Reduction;
  /** How much each pixel counts, `[batch, 1, height, width]`; default 1. */
  readonly weights?: Tensor | undefined;
}

/** Squares along the shorter side of an image. */
const squares = 16;

/**
 * How far local means of colour move: `‖P(w (R(x) − x))‖`, where *P* averages squares of a
 * sixteenth of the shorter side (4 pixels of 64). Texture, grain and edges are free, complexion and
 * the colour of regions are not. A remainder at the right and the bottom is left out.
 *
 * @throws {ShapeError} where the shapes do not fit.
 */
export function toneLoss(
  original: Tensor,
  refined: Tensor,
  { weights, ...options }: ToneOptions,
): Tensor {
  requireImagePair('toneLoss', original, refined);
  const change = subtract(refined, original);
  const kernel = Math.max(1, Math.floor(Math.min(change.shape[2], change.shape[3]) / squares));
  const counted = weights === undefined ? change : multiply(change, weights);
  return differenceNorm(averagePool2d(counted, { kernel }), options);
}
