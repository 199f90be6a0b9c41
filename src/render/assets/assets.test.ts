import { expect, test } from 'vitest';
import { sharedAssets } from '../testing/shared-assets.ts';
import { clothesNames, eyebrowNames, eyelashNames, hairStyles } from './catalog.ts';
import { detailsOf } from './targets.ts';

test('uses none of the items outside the CC0 release', () => {
  const names = [...hairStyles.map(({ name }) => name), ...eyebrowNames, ...eyelashNames];
  const outside =
    /beard|moustache|glasses|curly|long_alpha7|long2_alpha7|minoan|junglebook|Eyebrows_01|Eyelashes_01|Wig|Harvey|southern|headband/i;
  for (const name of [...names, ...clothesNames]) expect(name).not.toMatch(outside);
});

test('sliders pair their ends, left and right together', () => {
  const details = detailsOf([
    'ears/l-ear-lobe-max',
    'ears/l-ear-lobe-min',
    'ears/r-ear-lobe-max',
    'ears/r-ear-lobe-min',
    'nose/nose-volume-potato',
    'legs/legs-length-decr',
  ]);
  expect(details).toEqual([
    {
      name: 'ear-lobe-max',
      group: 'ears',
      negative: ['ears/l-ear-lobe-min', 'ears/r-ear-lobe-min'],
      positive: ['ears/l-ear-lobe-max', 'ears/r-ear-lobe-max'],
    },
    {
      name: 'nose-volume-potato',
      group: 'nose',
      negative: [],
      positive: ['nose/nose-volume-potato'],
    },
  ]);
});

test('landmarks are 68 different vertices, and mirror images of each other at rest', async () => {
  const { body } = await sharedAssets();
  expect(new Set(body.landmarks).size).toBe(68);
  const point = (i: number) => [0, 1, 2].map((k) => body.rest[3 * body.landmarks[i] + k]);
  const pairs = [
    [0, 16],
    [4, 12],
    [17, 26],
    [31, 35],
    [36, 45],
    [39, 42],
    [48, 54],
    [61, 63],
  ];
  for (const [right, left] of pairs) {
    const [x, y, z] = point(left);
    expect(x).toBeGreaterThan(0);
    expect(point(right)[0]).toBeCloseTo(-x, 3);
    expect(point(right)[1]).toBeCloseTo(y, 3);
    expect(point(right)[2]).toBeCloseTo(z, 3);
  }
  for (const middle of [8, 27, 30, 33, 51, 57, 62, 66]) expect(point(middle)[0]).toBeCloseTo(0, 3);
});

test('no slider throws a vertex far off', async () => {
  const { targets } = await sharedAssets();
  targets.names.forEach((name, t) => {
    if (name.startsWith('macrodetails/')) return;
    const deltas = targets.deltas.subarray(3 * targets.starts[t], 3 * targets.starts[t + 1]);
    const farthest = deltas.reduce((most, delta) => Math.max(most, Math.abs(delta)), 0);
    expect(farthest, name).toBeLessThanOrEqual(1500);
  });
});

test('nostrils and lids are shaded, the forehead is open', async () => {
  const { body } = await sharedAssets();
  const { ambient, landmarks } = body;
  expect(ambient[landmarks[30]]).toBeGreaterThan(0.8);
  expect(ambient[landmarks[62]]).toBeLessThan(ambient[landmarks[30]]);
  expect(ambient.every((value) => value >= 0 && value <= 1)).toBe(true);
});
