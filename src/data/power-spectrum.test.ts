import { describe, expect, it } from 'vitest';
import { normal, randomKey } from '../base/random.ts';
import { createPowerSpectrumMeter, type Plane } from './power-spectrum.ts';

const planeOf = (
  height: number,
  width: number,
  value: (y: number, x: number) => number,
): Plane => ({
  ...{ height, width },
  data: Float32Array.from({ length: height * width }, (_, i) =>
    value(Math.floor(i / width), i % width),
  ),
});

const spectrumOf = (side: number, ...planes: readonly Plane[]) => {
  const meter = createPowerSpectrumMeter(side);
  for (const plane of planes) meter.add(plane);
  return meter.spectrum().power;
};

describe('the power spectrum of images', () => {
  it('is flat for white noise: its variance times the energy of the window', () => {
    const noise = normal(randomKey(3), 256 * 256);
    const power = spectrumOf(
      16,
      planeOf(256, 256, (y, x) => 5 + 0.2 * noise[256 * y + x]),
    );
    // Σ of a squared Hann window over n places is 3 n / 8, in each direction.
    const expected = 0.2 ** 2 * (0.375 * 16) ** 2;
    // The mean that is taken away takes some of the first with it.
    for (const value of power.subarray(2)) expect(value / expected).toBeCloseTo(1, 1);
    expect(power).toHaveLength(12);
    const darker = spectrumOf(
      16,
      planeOf(256, 256, (y, x) => 0.2 * noise[256 * y + x]),
    );
    for (const [k, value] of power.entries()) expect(value / darker[k]).toBeCloseTo(1, 4);
  });

  it.each([
    ['across', (_: number, x: number) => Math.cos((2 * Math.PI * 5 * x) / 16 + 1), 5],
    ['down', (y: number) => Math.cos((2 * Math.PI * 3 * y) / 16), 3],
    ['aslant', (y: number, x: number) => Math.cos((2 * Math.PI * (4 * x - 3 * y)) / 16), 5],
    ['of two pixels a period', (_: number, x: number) => (-1) ** x, 8],
  ])('has a wave %s where its frequency is', (_, wave, k) => {
    const power = spectrumOf(16, planeOf(40, 56, wave));
    const largest = power.indexOf(Math.max(...power));
    expect(largest).toBe(k);
    // The window spreads it to its neighbours and no further.
    for (const [at, value] of power.entries()) {
      if (Math.abs(at - k) > 2) expect(value).toBeLessThan(1e-4 * power[k]);
    }
  });

  it('looks at the whole of every plane, and weighs all pieces the same', () => {
    const spot = (at: readonly [number, number]) =>
      planeOf(19, 33, (y, x) => Number(y === at[0] && x === at[1]));
    for (const at of [
      [1, 1],
      [1, 31],
      [17, 1],
      [17, 31],
      [9, 16],
    ] as const) {
      expect(spectrumOf(8, spot(at))[3]).toBeGreaterThan(0);
    }
    const flat = planeOf(19, 33, () => 0.3);
    const alone = spectrumOf(8, spot([9, 16]));
    const diluted = spectrumOf(8, spot([9, 16]), flat, flat);
    for (const [k, value] of diluted.entries()) expect(value).toBeCloseTo(alone[k] / 3, 12);
  });
});
