import { expect, test } from 'vitest';
import type { Texture } from '../assets/texture.ts';
import { surroundings } from './lighting.ts';
import { linearOfByte, sampleTexture } from './texture-sampler.ts';
import { toneMap } from './tone-map.ts';

const checker: Texture = {
  width: 2,
  height: 2,
  channels: 3,
  levels: [Uint8Array.of(0, 0, 0, 200, 100, 40, 200, 100, 40, 0, 0, 0), Uint8Array.of(100, 50, 20)],
};
const sampled = (u: number, v: number, lod: number) => {
  const out = new Float64Array(3);
  sampleTexture(checker, u, v, lod, out);
  return [...out];
};

test('reads texels at their centres and mixes between them', () => {
  expect(sampled(0.75, 0.25, 0)).toEqual([200, 100, 40]);
  expect(sampled(0.5, 0.25, 0)).toEqual([100, 50, 20]);
});

test('mixes levels, and stays on the last', () => {
  expect(sampled(0.75, 0.25, 0.5)).toEqual([150, 75, 30]);
  expect(sampled(0.75, 0.25, 9)).toEqual([100, 50, 20]);
});

test('decodes sRGB', () => {
  expect(linearOfByte(0)).toBe(0);
  expect(linearOfByte(255)).toBeCloseTo(1);
  expect(linearOfByte(188)).toBeCloseTo(0.503, 2);
});

test('tone mapping is sRGB below the shoulder, rises and ends at white', () => {
  expect(toneMap(0.214)).toBeCloseTo(127.5, 0);
  expect(toneMap(-1)).toBe(0);
  let before = -1;
  for (let x = 0; x < 5; x += 0.05) {
    expect(toneMap(x)).toBeGreaterThanOrEqual(before);
    before = toneMap(x);
  }
  expect(before).toBeGreaterThan(250);
});

test('the hemisphere gives sky from above, ground from below, their mean sideways', () => {
  const around = surroundings({
    keyDirection: [0, 0, 1],
    keyColor: [0, 0, 0],
    softness: 1,
    sky: [0.8, 0.8, 1],
    ground: [0.2, 0.1, 0],
    lobes: [
      { direction: [1, 0, 0], color: [0, 0, 0] },
      { direction: [0, 0, 1], color: [0, 0, 0] },
    ],
    exposure: 1,
  });
  const out = new Float64Array(3);
  around(0, 1, 0, out);
  expect([...out]).toEqual([0.8, 0.8, 1]);
  around(0, -1, 0, out);
  expect(out[0]).toBeCloseTo(0.2);
  around(1, 0, 0, out);
  expect(out[2]).toBeCloseTo(0.5);
});
