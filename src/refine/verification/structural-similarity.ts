import type { ColorImage } from '../../faces/index.ts';
import { lumaPlane, type Plane } from './planes.ts';
import { gaussianWeights } from './smooth.ts';

const sigma = 1.5;
const fullRadius = 5;

/**
 * The mean structural similarity of the luma of two images, −1 … 1, 1 where they are equal (Wang et
 * al. 2004, equation 13): a Gaussian window of 11 × 11 pixels with σ = 1.5, wholly inside the
 * image, K₁ = 0.01, K₂ = 0.03, range 255. Images under 11 pixels get the largest odd window that
 * fits.
 */
export function structuralSimilarity(first: ColorImage, second: ColorImage): number {
  const [x, y] = [lumaPlane(first), lumaPlane(second)];
  const radius = Math.min(fullRadius, Math.floor((Math.min(x.width, x.height) - 1) / 2));
  const weights = gaussianWeights(sigma, radius);
  const mean = (of: (i: number) => number) => windowMeans(x, of, weights);
  const meanX = mean((i) => x.values[i]);
  const meanY = mean((i) => y.values[i]);
  const squareX = mean((i) => x.values[i] ** 2);
  const squareY = mean((i) => y.values[i] ** 2);
  const product = mean((i) => x.values[i] * y.values[i]);
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  let sum = 0;
  for (let i = 0; i < meanX.length; i++) {
    const both = meanX[i] * meanY[i];
    const squares = meanX[i] ** 2 + meanY[i] ** 2;
    const covariance = product[i] - both;
    const variances = squareX[i] + squareY[i] - squares;
    sum += ((2 * both + c1) * (2 * covariance + c2)) / ((squares + c1) * (variances + c2));
  }
  return sum / meanX.length;
}

/** Weighted means over every window that lies inside the image, in float64. */
function windowMeans(
  { width, height }: Plane,
  of: (index: number) => number,
  weights: Float64Array,
): Float64Array {
  const taps = weights.length;
  const wide = width - taps + 1;
  const high = height - taps + 1;
  const rows = new Float64Array(wide * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < wide; x++) {
      let sum = 0;
      for (let k = 0; k < taps; k++) sum += weights[k] * of(y * width + x + k);
      rows[y * wide + x] = sum;
    }
  }
  const means = new Float64Array(wide * high);
  for (let y = 0; y < high; y++) {
    for (let k = 0; k < taps; k++) {
      for (let x = 0; x < wide; x++) means[y * wide + x] += weights[k] * rows[(y + k) * wide + x];
    }
  }
  return means;
}
