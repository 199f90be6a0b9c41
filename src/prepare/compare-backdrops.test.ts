import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../base/config.ts';
import { randomKey, split, uniform } from '../base/random.ts';
import { renderConfigSchema } from '../render/scene/config.ts';
import type { Backdrop } from './backdrop.ts';
import { compareBackdrops, compareEnoughBackdrops } from './compare-backdrops.ts';

interface Ranges {
  readonly hue: readonly [number, number];
  readonly saturation: readonly [number, number];
  readonly brightness: readonly [number, number];
  readonly unevenness: readonly [number, number];
}

/** Backdrops as the renderer draws them. */
function backdrops(seed: number, count: number, ranges: Ranges): Backdrop[] {
  const draw = (name: keyof Ranges, exponent = 1) => {
    const [min, max] = ranges[name];
    const shares = uniform(split(randomKey(seed), name), count);
    return Array.from(shares, (u) => min + (max - min) * u ** exponent);
  };
  const [hue, saturation] = [draw('hue'), draw('saturation', 1.4)];
  const [brightness, unevenness] = [draw('brightness', 1.6), draw('unevenness')];
  return Array.from({ length: count }, (_, i) => ({
    hue: (hue[i] + 360) % 360,
    saturation: saturation[i],
    brightness: brightness[i],
    unevenness: unevenness[i],
  }));
}

const any: Ranges = {
  hue: [0, 360],
  saturation: [0, 0.6],
  brightness: [0.06, 0.66],
  unevenness: [0.1, 2],
};
const cloth: Ranges = {
  hue: [-10, 14],
  saturation: [0.4, 0.7],
  brightness: [0.2, 0.4],
  unevenness: [0.05, 0.3],
};
const renders = backdrops(1, 400, any);

describe('compareBackdrops', () => {
  it('finds no difference between two draws of one distribution', () => {
    const { warnings, renderSettings } = compareBackdrops(renders, backdrops(2, 300, any));
    expect([warnings, renderSettings]).toEqual([[], []]);
  });

  it('gives settings that the renderer takes, with the photographs’ hue and quartiles', () => {
    const { warnings, renderSettings } = compareBackdrops(renders, backdrops(3, 300, cloth));
    expect(warnings).toHaveLength(4);
    expect(warnings[0]).toMatch(/^saturation of backdrops differs: renders 0\.\d+ \(/);
    const { config } = resolveConfig(renderConfigSchema, { set: renderSettings });
    const { background } = config;
    // Around red, where degrees begin anew.
    expect(Math.abs(((background.hue.min + 540) % 360) - 180 + 10)).toBeLessThan(4);
    expect(background.hue.max - background.hue.min).toBeGreaterThan(18);
    expect(background.hue.max - background.hue.min).toBeLessThan(30);
    for (const name of ['saturation', 'brightness'] as const) {
      expect(Math.abs(background[name].min - cloth[name][0])).toBeLessThan(0.05);
      expect(Math.abs(background[name].max - cloth[name][1])).toBeLessThan(0.05);
    }
  });

  it('keeps the upper quartile where the range would begin below 0', () => {
    // Quartiles 0.05 and 0.35, as no range of the renderer has them.
    const real = Array.from({ length: 101 }, (_, i) => ({
      ...{ hue: (i * 83) % 360, saturation: 0.3, unevenness: 1 },
      brightness: i < 26 ? 0.05 : i < 75 ? 0.2 : 0.35,
    }));
    const { renderSettings } = compareBackdrops(renders, real);
    expect(renderSettings).toContain('background.brightness.min=0');
    const max = renderSettings.find((text) => text.startsWith('background.brightness.max='))!;
    expect(Number(max.split('=')[1]) * 0.75 ** 1.6).toBeCloseTo(0.35, 1);
  });

  it('says nothing of a handful of images', () => {
    expect(compareEnoughBackdrops(renders, backdrops(5, 19, cloth))).toBeUndefined();
    expect(compareEnoughBackdrops(renders, backdrops(5, 20, cloth))).toBeDefined();
  });
});
