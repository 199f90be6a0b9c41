import { type Shape, ShapeError, type Tensor } from '../tensor.ts';
import { add, divide, sqrt, square, subtract } from './elementwise.ts';
import { mean } from './reduce.ts';

/** (x − mean) / √(variance + ε) with the mean and the biased variance over the axes. */
export function standardize(x: Tensor, axes: Shape, epsilon = 1e-5): Tensor {
  const centred = subtract(x, mean(x, { axes, keepDimensions: true }));
  const variance = mean(square(centred), { axes, keepDimensions: true });
  return divide(centred, sqrt(add(variance, epsilon)));
}

/**
 * Instance normalisation without scale and shift (Ulyanov et al. 2016, arXiv 1607.08022): each
 * channel of each image of `[batch, channels, height, width]` by its own mean and variance.
 */
export function instanceNorm(x: Tensor, epsilon = 1e-5): Tensor {
  requireImages('instanceNorm', x);
  return standardize(x, [2, 3], epsilon);
}

/**
 * Batch normalisation in training, without scale and shift (Ioffe and Szegedy 2015, algorithm 1):
 * each channel by mean and variance over batch, height and width.
 */
export function batchNorm(x: Tensor, epsilon = 1e-5): Tensor {
  requireImages('batchNorm', x);
  return standardize(x, [0, 2, 3], epsilon);
}

function requireImages(operator: string, x: Tensor): void {
  if (x.shape.length !== 4) {
    throw new ShapeError(operator, [x], '[batch, channels, height, width]');
  }
}
