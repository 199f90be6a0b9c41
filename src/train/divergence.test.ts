import { expect, it } from 'vitest';
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

it('says once that the refined images are none any more', () => {
  const watch = createRangeWatch();
  const change = (meanAbsoluteChange: number) => watch.add({ ...line, meanAbsoluteChange });
  expect(change(2)).toBeUndefined();
  expect(
    watch.add({ ...line, phase: 'refiner-pretraining', meanAbsoluteChange: 3 }),
  ).toBeUndefined();
  expect(change(460469.39)).toMatch(
    /left the range of images at iteration 7: .* by 460000 on average/,
  );
  expect(change(460469.39)).toBeUndefined();
});
