import { lumaChromaRows } from '../losses/luminance.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import type { PowerSpectrum } from './power-spectrum.ts';

/** Spectra of luma, and of Cb and Cr where the images have colour. */
export type ImageSpectra = readonly PowerSpectrum[];

/**
 * Structures of half a piece and more are what the images show, not how they were taken: they stay.
 * In periods a piece.
 */
export const coarsestGain = 2;
/** What a filter does to a frequency at most. */
const [smallestGain, largestGain] = [0.05, 2];
/** Variance of what rounding to bytes adds, for values in −1 … 1: less than it is nothing. */
const rounding = (2 / 255) ** 2 / 12;

/**
 * By how much each frequency of the renders is multiplied so that they have the photographs' mean
 * power there: `G(k) = √(P_real(k) / P_synthetic(k))`, within 0.05 … 2; 1 for the two coarsest.
 */
export function equalizingGains(synthetic: PowerSpectrum, real: PowerSpectrum): Float64Array {
  // What white noise of the variance of rounding has under the window of the meter.
  const floor = rounding * (0.375 * synthetic.side) ** 2;
  return synthetic.power.map((power, k) => {
    if (k < coarsestGain) return 1;
    const gain = Math.sqrt((real.power[k] + floor) / (power + floor));
    return Math.min(largestGain, Math.max(smallestGain, gain));
  });
}

/** Pixels a side of the kernel for pieces of so many. */
export function kernelSideOf(side: number): number {
  return 2 * Math.min(5, side / 2 - 1) + 1;
}

/**
 * The filter with the gains of {@link equalizingGains} for luma and, where there is colour, Cb and
 * Cr, measured on pieces of `side` pixels, as a kernel `[channels, channels, height, width]` for
 * grey or RGB images: the inverse Fourier transform of each gain, the same in all directions, cut
 * off at the kernel's border (no other kernel of its size comes nearer to the gains, in squares),
 * with a sum of 1, so that flat colour stays as it is.
 */
export function equalizingKernel(gains: readonly Float64Array[], side: number): HostTensor {
  const channels = gains.length;
  const kernels = gains.map((each) => impulseResponse(each, side));
  const kernelSide = kernelSideOf(side);
  const area = kernelSide ** 2;
  if (channels === 1) {
    return hostTensor([1, 1, kernelSide, kernelSide], Float32Array.from(kernels[0]));
  }
  const data = new Float32Array(channels * channels * area);
  const back = inverseOf(lumaChromaRows);
  for (let to = 0; to < channels; to++) {
    for (let from = 0; from < channels; from++) {
      for (let at = 0; at < area; at++) {
        const terms = kernels.map(
          (kernel, c) => back[to][c] * kernel[at] * lumaChromaRows[c][from],
        );
        data[(to * channels + from) * area + at] = terms.reduce((sum, term) => sum + term, 0);
      }
    }
  }
  return hostTensor([channels, channels, kernelSide, kernelSide], data);
}

/** The kernel of a gain by frequency, row by row. */
function impulseResponse(gains: Float64Array, side: number): Float64Array {
  const kernelSide = kernelSideOf(side);
  const radius = (kernelSide - 1) / 2;
  const kernel = new Float64Array(kernelSide ** 2);
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      let sum = 0;
      for (let l = 0; l < side; l++) {
        for (let k = 0; k < side; k++) {
          const frequency = Math.hypot(Math.min(k, side - k), Math.min(l, side - l));
          sum += gainAt(gains, frequency) * Math.cos((2 * Math.PI * (k * x + l * y)) / side);
        }
      }
      kernel[(y + radius) * kernelSide + x + radius] = sum;
    }
  }
  const total = kernel.reduce((sum, value) => sum + value, 0);
  return kernel.map((value) => value / total);
}

function gainAt(gains: Float64Array, frequency: number): number {
  const below = Math.min(Math.floor(frequency), gains.length - 1);
  const above = Math.min(below + 1, gains.length - 1);
  return gains[below] + (frequency - below) * (gains[above] - gains[below]);
}

/** RGB of Y, Cb and Cr (ITU-R BT.601, section 2.5), as rows. */
function inverseOf([[red, green, blue]]: typeof lumaChromaRows): readonly number[][] {
  const ofRed = [1, 0, 2 * (1 - red)];
  const ofBlue = [1, 2 * (1 - blue), 0];
  const ofGreen = [1, 0, 0].map((y, i) => (y - red * ofRed[i] - blue * ofBlue[i]) / green);
  return [ofRed, ofGreen, ofBlue];
}
