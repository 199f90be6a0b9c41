import type { BatchSource } from '../data/batches.ts';
import {
  coarsestGain,
  equalizingGains,
  equalizingKernel,
  type ImageSpectra,
} from '../data/equalizing-kernel.ts';
import { createPowerSpectrumMeter } from '../data/power-spectrum.ts';
import { lumaChromaRows } from '../losses/luminance.ts';
import type { EqualizedParameters } from '../models/equalizer.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import type { TrainConfig } from './config.ts';
import type { NetworkState } from './network-state.ts';
import type { TrainingImages } from './training-images.ts';

/** Images of each side whose spectra are measured, at least. */
const measuredImages = 256;
const largestPiece = 32;

/** Pixels a side of the pieces that spectra are measured of. */
export function pieceSide({ size }: Pick<TrainConfig, 'size'>): number {
  return Math.min(largestPiece, 2 * Math.floor(Math.min(...size) / 2));
}

/** What the filter of a run does. */
export interface Equalizer {
  readonly kernel: HostTensor;
  /**
   * Factors of structures of so many pixels a period, in luma and, where there is colour, in
   * chroma.
   */
  readonly gains: readonly {
    readonly period: number;
    readonly luma: number;
    readonly chroma?: number;
  }[];
}

/** Measures the spectra of both sides of a run, and the filter between them. */
export async function measureEqualizer(
  images: Pick<TrainingImages, 'synthetic' | 'real'>,
  config: TrainConfig,
): Promise<Equalizer> {
  const synthetic = await spectraOf(images.synthetic, config);
  const real = await spectraOf(images.real, config);
  const all = synthetic.map((spectrum, c) => equalizingGains(spectrum, real[c]));
  const [luma, ...chroma] = all;
  const side = pieceSide(config);
  const periods = [8, 4, 3, 2].filter((period) => coarsestGain * period <= side);
  const gains = periods.map((period) => {
    const k = Math.round(side / period);
    const mean = chroma.reduce((sum, each) => sum + each[k] / chroma.length, 0);
    return { period, luma: luma[k], ...(chroma.length > 0 && { chroma: mean }) };
  });
  return { kernel: equalizingKernel(all, side), gains };
}

async function spectraOf(source: BatchSource, config: TrainConfig): Promise<ImageSpectra> {
  const [height, width] = config.size;
  const area = height * width;
  const rows = config.channels === 1 ? [[1]] : lumaChromaRows;
  const meters = rows.map(() => createPowerSpectrumMeter(pieceSide(config)));
  const plane = new Float32Array(area);
  for (let count = 0, step = 0; count < measuredImages; step++) {
    const { data, shape } = (await source.batch(step)).images;
    count += shape[0];
    for (let i = 0; i < shape[0]; i++) {
      for (const [c, row] of rows.entries()) {
        plane.fill(0);
        for (const [channel, weight] of row.entries()) {
          const begin = (i * row.length + channel) * area;
          for (let at = 0; at < area; at++) plane[at] += weight * data[begin + at];
        }
        meters[c].add({ data: plane, height, width });
      }
    }
  }
  return meters.map((meter) => meter.spectrum());
}

/** The state of fresh networks with the filter in the refiner and its average. */
export function withEqualizer(state: NetworkState, { kernel }: Equalizer): NetworkState {
  const { parameters, average } = state.refiner;
  const equalized = <T>(tree: T) => ({ ...(tree as EqualizedParameters<HostTensor>), kernel });
  return {
    ...state,
    refiner: {
      ...state.refiner,
      parameters: { ...parameters, refiner: equalized(parameters.refiner) },
      average: Object.keys(average).length === 0 ? average : equalized(average),
    },
  };
}
