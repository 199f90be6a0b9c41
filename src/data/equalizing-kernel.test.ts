import { describe, expect, it } from 'vitest';
import { normal, randomKey, split } from '../base/random.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { equalizingGains, equalizingKernel, kernelSideOf } from './equalizing-kernel.ts';
import { createPowerSpectrumMeter, type PowerSpectrum } from './power-spectrum.ts';

const side = 32;
const [height, width] = [128, 128];

const noise = (seed: number, level: number) =>
  normal(randomKey(seed), height * width).map((value) => level * value);

const spectrumOf = (plane: Float32Array | Float64Array) => {
  const meter = createPowerSpectrumMeter(side);
  meter.add({ data: Float32Array.from(plane), height, width });
  return meter.spectrum();
};

/** A plane under a kernel, with the plane repeated around it. */
function filtered(plane: ArrayLike<number>, kernel: ArrayLike<number>): Float32Array {
  const k = Math.sqrt(kernel.length);
  const radius = (k - 1) / 2;
  return Float32Array.from({ length: height * width }, (_, i) => {
    let sum = 0;
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const y = (Math.floor(i / width) + dy + height) % height;
        const x = ((i % width) + dx + width) % width;
        sum += kernel[(dy + radius) * k + dx + radius] * plane[y * width + x];
      }
    }
    return sum;
  });
}

const soft = [1, 2, 1].flatMap((a) => [1, 2, 1].map((b) => (a * b) / 16));

/** Kernel `[to][from]` of a colour kernel. */
const part = ({ data, shape }: HostTensor, to: number, from: number) => {
  const area = shape[2] * shape[3];
  return data.subarray((to * shape[1] + from) * area, (to * shape[1] + from + 1) * area);
};

const kernelBetween = (synthetic: readonly PowerSpectrum[], real: readonly PowerSpectrum[]) =>
  equalizingKernel(
    synthetic.map((spectrum, c) => equalizingGains(spectrum, real[c])),
    synthetic[0].side,
  );

describe('the kernel that gives one set the spectrum of another', () => {
  it('is the identity between equal spectra, grey and colour', () => {
    const flat = spectrumOf(noise(1, 0.1));
    for (const channels of [1, 3]) {
      const spectra = Array(channels).fill(flat);
      const kernel = kernelBetween(spectra, spectra);
      expect(kernel.shape).toEqual([channels, channels, 11, 11]);
      for (let to = 0; to < channels; to++) {
        for (let from = 0; from < channels; from++) {
          for (const [at, value] of part(kernel, to, from).entries()) {
            expect(value).toBeCloseTo(Number(to === from && at === 60), 6);
          }
        }
      }
    }
  });

  const photograph = filtered(noise(2, 0.2), soft);
  const grain = noise(3, 0.05);

  it.each([
    ['takes grain away', photograph.map((value, i) => value + grain[i]), 12],
    // Beyond it a gain of 2 is not enough.
    ['brings sharpness back', filtered(photograph, soft), 7],
  ])('%s', (_, render, finest) => {
    const [target, before] = [spectrumOf(photograph), spectrumOf(render)];
    const after = spectrumOf(filtered(render, kernelBetween([before], [target]).data));
    const worstOf = ({ power }: typeof target) =>
      Math.max(
        ...Array.from({ length: finest - 1 }, (_, i) =>
          Math.abs(Math.log(power[i + 2] / target.power[i + 2])),
        ),
      );
    expect(worstOf(before)).toBeGreaterThan(0.9);
    expect(worstOf(after)).toBeLessThan(0.15);
  });

  it('leaves flat colour as it is, and looks the same from all sides', () => {
    const key = randomKey(4);
    const spectra = [0, 1, 2].map((c) =>
      spectrumOf(filtered(normal(split(key, c), height * width), soft)),
    );
    const kernel = kernelBetween(
      [0, 1, 2].map(() => spectrumOf(noise(5, 1))),
      spectra,
    );
    for (let to = 0; to < 3; to++) {
      for (let from = 0; from < 3; from++) {
        const values = part(kernel, to, from);
        const sum = values.reduce((total, value) => total + value, 0);
        expect(sum).toBeCloseTo(Number(to === from), 6);
        for (let y = 0; y < 11; y++) {
          for (let x = 0; x < 11; x++) {
            const value = values[11 * y + x];
            expect(values[11 * x + y]).toBeCloseTo(value, 6);
            expect(values[11 * (10 - y) + x]).toBeCloseTo(value, 6);
          }
        }
      }
    }
  });

  it('filters chroma by its own spectrum, and luma not at all where that is equal', () => {
    const luma = spectrumOf(noise(6, 0.1));
    const [grainy, plain] = [spectrumOf(noise(7, 0.1)), spectrumOf(filtered(noise(7, 0.1), soft))];
    const kernel = kernelBetween([luma, grainy, grainy], [luma, plain, plain]);
    const weights = [0.299, 0.587, 0.114];
    // What grey gives is grey and unchanged; luma of the result is that of the image.
    for (let c = 0; c < 3; c++) {
      const ofGrey = part(kernel, c, 0).map(
        (value, i) => value + part(kernel, c, 1)[i] + part(kernel, c, 2)[i],
      );
      const lumaOf = part(kernel, 0, c).map(
        (value, i) =>
          weights[0] * value +
          weights[1] * part(kernel, 1, c)[i] +
          weights[2] * part(kernel, 2, c)[i],
      );
      for (let at = 0; at < 121; at++) {
        expect(ofGrey[at]).toBeCloseTo(Number(at === 60), 6);
        expect(lumaOf[at]).toBeCloseTo(at === 60 ? weights[c] : 0, 6);
      }
    }
    // Red that stands alone loses colour.
    expect(part(kernel, 0, 0)[60]).toBeLessThan(0.8);
  });

  it('bounds what it does, keeps the coarsest, and makes nothing of what is not there', () => {
    const [quiet, loud] = [spectrumOf(noise(8, 0.001)), spectrumOf(noise(8, 1))];
    const [up, down] = [equalizingGains(quiet, loud), equalizingGains(loud, quiet)];
    expect([...up.subarray(0, 3)]).toEqual([1, 1, 2]);
    expect([...down.subarray(0, 3)]).toEqual([1, 1, 0.05]);
    const nothing = spectrumOf(new Float32Array(height * width));
    const faint = spectrumOf(noise(8, 1e-4));
    for (const gain of equalizingGains(nothing, faint)) expect(gain).toBeCloseTo(1, 2);
  });

  it('fits into small images', () => {
    expect([32, 16, 12, 8, 4].map(kernelSideOf)).toEqual([11, 11, 11, 7, 3]);
  });
});
