import { expect, test } from 'vitest';
import { drawBackground } from './background.ts';

const kinds = ['studio', 'bokeh', 'room', 'outdoor', 'wall'] as const;
const colors = [
  [0.2, 0.3, 0.4],
  [0.5, 0.4, 0.3],
  [0.1, 0.2, 0.1],
  [0.6, 0.6, 0.5],
] as const;

test('the less variety, the more even a studio cloth', () => {
  const unevenness = (variety: number) => {
    const out = new Float32Array(48 * 48 * 3);
    const gray = [0.3, 0.3, 0.3] as const;
    const background = { kind: 'studio', colors: [gray, gray, gray, gray], pattern: 3 } as const;
    drawBackground({ ...background, variety }, 48, out);
    return Math.max(...out) - Math.min(...out);
  };
  expect(unevenness(0)).toBeLessThan(1e-6);
  expect(unevenness(0.25)).toBeGreaterThan(0.01);
  expect(unevenness(1)).toBeGreaterThan(2 * unevenness(0.25));
});

test('scenes from before there was variety are drawn at full variety', () => {
  const drawn = (variety: object) => {
    const out = new Float32Array(48 * 48 * 3);
    drawBackground({ kind: 'studio', colors, pattern: 3, ...variety }, 48, out);
    return out;
  };
  expect(drawn({})).toEqual(drawn({ variety: 1 }));
  expect(drawn({})).not.toEqual(drawn({ variety: 0.5 }));
});

test.each(kinds)('%s is not flat, and is the same for the same pattern', (kind) => {
  const size = 48;
  for (let pattern = 0; pattern < 6; pattern++) {
    const [first, second] = [0, 1].map(() => {
      const out = new Float32Array(size * size * 3);
      drawBackground({ kind, colors, variety: 1, pattern }, size, out);
      return out;
    });
    expect(first).toEqual(second);
    const green = first.filter((_, i) => i % 3 === 1);
    const mean = green.reduce((sum, value) => sum + value, 0) / green.length;
    const variance = green.reduce((sum, value) => sum + (value - mean) ** 2, 0) / green.length;
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.03);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(0);
  }
});
