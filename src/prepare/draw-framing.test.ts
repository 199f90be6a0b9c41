import { describe, expect, it } from 'vitest';
import { randomKey, split } from '../base/random.ts';
import { prepareConfigSchema } from './config.ts';
import { chooseCrop, drawLike, drawNormal } from './draw-framing.ts';
import type { Framing } from './framing.ts';
import { kolmogorovSmirnov } from './statistics.ts';
import { madeUpFace } from './testing/made-up-face.ts';

const framings: Framing[] = Array.from({ length: 200 }, (_, i) => ({
  scale: 0.36 + 0.0008 * i,
  centerX: 0.5 + 0.04 * Math.sin(i),
  centerY: 0.48 + 0.04 * Math.cos(i),
  roll: (i % 21) - 10,
}));
const config = prepareConfigSchema.parse({});
const roomy = { landmarks: madeUpFace([500, 500], 200), photograph: { width: 1000, height: 1000 } };

describe('chooseCrop', () => {
  it('follows the distribution of the set where photographs leave room', () => {
    const crops = Array.from({ length: 400 }, (_, i) => {
      return chooseCrop({
        ...roomy,
        draw: drawLike(framings),
        key: split(randomKey(1), i),
        config,
      });
    });
    for (const quantity of ['scale', 'centerX', 'roll'] as const) {
      const drawn = crops.map((crop) => {
        if (typeof crop === 'string') throw new Error(crop);
        return crop.framing[quantity];
      });
      const { statistic } = kolmogorovSmirnov(
        drawn,
        framings.map((framing) => framing[quantity]),
      );
      expect(statistic).toBeLessThan(0.1);
    }
  });

  it('draws again until the crop stays inside, and gives the same for the same key', () => {
    // The crop is about as large as the photograph: only part of the draws fits.
    const tight = {
      landmarks: madeUpFace([84, 92], 200),
      photograph: { width: 168, height: 200 },
    };
    let first = 0;
    let chosen = 0;
    for (let i = 0; i < 60; i++) {
      const options = { ...tight, draw: drawLike(framings), key: split(randomKey(2), i) };
      const one = { ...config, framing: { ...config.framing, draws: 1 } };
      const once = chooseCrop({ ...options, config: one });
      const crop = chooseCrop({ ...options, config });
      if (typeof crop === 'string') throw new Error(crop);
      expect(chooseCrop({ ...options, config })).toEqual(crop);
      first += typeof once === 'string' ? 1 : once.fill;
      chosen += crop.fill;
    }
    expect(first / 60).toBeGreaterThan(0.05);
    expect(chosen).toBeLessThan(0.8 * first);
  });

  it('says why a face gives no crop', () => {
    const key = randomKey(3);
    const draw = drawNormal(config.framing);
    const small = { ...roomy, landmarks: madeUpFace([500, 500], 20) };
    expect(chooseCrop({ ...small, draw, key, config })).toBe('too-small');
    const cut = { landmarks: madeUpFace([40, 60], 200), photograph: { width: 120, height: 130 } };
    expect(chooseCrop({ ...cut, draw, key, config })).toBe('extreme-crop');
  });
});
