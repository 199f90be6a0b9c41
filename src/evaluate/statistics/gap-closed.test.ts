import { expect, test } from 'vitest';
import { gapClosed } from './gap-closed.ts';
import { smallSetWarnings } from './small-sets.ts';

test.each([
  ['nothing changed', 5, 0],
  ['as near as photographs', 1, 1],
  ['half of the way', 3, 0.5],
  ['led away', 7, -0.5],
])('%s: %d is %d of the gap', (_, refined, share) => {
  expect(gapClosed({ synthetic: 5, refined, real: 1 })).toBe(share);
});

test('no gap, no share of it', () => {
  expect(gapClosed({ synthetic: 1, refined: 0, real: 1 })).toBeUndefined();
  expect(gapClosed({ synthetic: 0.5, refined: 0, real: 1 })).toBeUndefined();
});

test('small sets say what they cannot tell', () => {
  const all = { synthetic: 300, refined: 300, real: 879 };
  expect(smallSetWarnings(all, 768).join('\n')).toMatch(/300 images a side in 768 dimensions/);
  expect(smallSetWarnings({ ...all, real: 60 }, 768)[0]).toMatch(
    /Fewer than 50 images a side \(30\)/,
  );
  expect(
    smallSetWarnings({ ...all, synthetic: 20_000, refined: 20_000, real: 40_000 }, 768),
  ).toEqual([]);
});
