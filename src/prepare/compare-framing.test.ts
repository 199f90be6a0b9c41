import { describe, expect, it } from 'vitest';
import { normal, randomKey, split } from '../base/random.ts';
import { compareFaces } from './compare-framing.ts';
import type { FramedFace } from './framed-faces.ts';

function faces(
  seed: number,
  count: number,
  yaw: { mean: number; deviation: number },
): FramedFace[] {
  const draw = (name: string) => normal(split(randomKey(seed), name), count);
  const [scale, x, y, roll, yaws, pitch] = ['scale', 'x', 'y', 'roll', 'yaw', 'pitch'].map(draw);
  return Array.from({ length: count }, (_, i) => ({
    scale: 0.44 + 0.03 * scale[i],
    centerX: 0.5 + 0.03 * x[i],
    centerY: 0.48 + 0.03 * y[i],
    roll: 5 * roll[i],
    yaw: yaw.mean + yaw.deviation * yaws[i],
    pitch: 8 * pitch[i],
  }));
}

describe('compareFaces', () => {
  const renders = faces(1, 500, { mean: 0, deviation: 20 });

  it('finds no difference between two draws of one distribution', () => {
    const { quantities, warnings, renderSettings } = compareFaces(
      renders,
      faces(2, 400, { mean: 0, deviation: 20 }),
    );
    expect(warnings).toEqual([]);
    expect(renderSettings).toEqual([]);
    expect(quantities.scale.statistic).toBeLessThan(0.12);
    expect(quantities.yaw.synthetic.count).toBe(500);
    expect(quantities.yaw.real.count).toBe(400);
  });

  it('names the quantity that differs and the settings of the renderer that would help', () => {
    const photographs = faces(3, 400, { mean: -3, deviation: 5 });
    const { quantities, warnings, renderSettings } = compareFaces(renders, photographs);
    expect(quantities.yaw.differs).toBe(true);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^yaw \(.*\) differs: renders/);
    const [mean, deviation, wide] = renderSettings.map((text) => text.split('='));
    expect([mean[0], deviation[0]]).toEqual(['pose.yaw.mean', 'pose.yaw.deviation']);
    expect(wide).toEqual(['pose.wide', '0']);
    expect(Number(mean[1])).toBeCloseTo(-3, 0);
    // √(5² − 3.8²): what the error of the estimate adds is taken off.
    expect(Math.abs(Number(deviation[1]) - 3.25)).toBeLessThan(0.6);
  });

  it('leaves wide poses where the photographs have some', () => {
    const turned = faces(5, 400, { mean: 20, deviation: 25 });
    const { renderSettings } = compareFaces(renders, turned);
    expect(renderSettings.filter((text) => text.startsWith('pose.wide'))).toEqual([]);
    expect(renderSettings[0]).toMatch(/^pose\.yaw\.mean=/);
  });

  it('does not cry over a difference that a handful of images can show by chance', () => {
    const few = faces(4, 6, { mean: 12, deviation: 20 });
    expect(compareFaces(renders, few).quantities.yaw.differs).toBe(false);
  });
});
