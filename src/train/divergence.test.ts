import { describe, expect, it } from 'vitest';
import { createRangeWatch, requireFinite } from './divergence.ts';

const line = { phase: 'adversarial', step: 7, refinerLoss: 0.5, discriminatorLoss: 1e30 } as const;

it('takes any finite number', () => {
  expect(() => requireFinite(line, { gradientClipping: 0 })).not.toThrow();
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d by name and step', (value) => {
  expect(() => requireFinite({ ...line, refinerLoss: value }, { gradientClipping: 0 })).toThrow(
    `Expected finite losses, got refinerLoss ${value} in step 7 of phase adversarial`,
  );
});

it.each([
  [0, 10],
  [10, 1],
  [0.5, 0.05],
])('with gradientClipping %d it suggests %d', (gradientClipping, suggested) => {
  const broken = { ...line, refinerLoss: Number.NaN };
  expect(() => requireFinite(broken, { gradientClipping })).toThrow(
    `or with --set gradientClipping=${suggested}.`,
  );
});

describe('the watch on the range of images', () => {
  const said = (changes: readonly number[], phase = 'adversarial') => {
    const watch = createRangeWatch();
    return changes.flatMap((meanAbsoluteChange, i) => {
      const notice = watch.add({ phase, step: i + 1, meanAbsoluteChange });
      return notice === undefined ? [] : [notice];
    });
  };
  const out = (count: number) => Array.from({ length: count }, () => 460469.39);

  it('says once that the refined images stay outside', () => {
    expect(said([2, ...out(49)])).toEqual([]);
    expect(said([2, ...out(200), 0.1, ...out(200)])).toEqual([
      {
        step: 51,
        message: expect.stringMatching(
          /^The refined images are none any more at iteration 51: .* by 460000\./,
        ),
      },
    ]);
  });

  it('lets a run come back, and looks at the game alone', () => {
    expect(said([...out(49), 2, ...out(49)])).toEqual([]);
    expect(said(out(100), 'refiner-pretraining')).toEqual([]);
  });
});
