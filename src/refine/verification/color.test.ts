import { describe, expect, test } from 'vitest';
import { ciede2000, meanColorDifference } from './color-difference.ts';
import { complexionGroupOf, complexionOf, complexionShift } from './complexion.ts';
import { type Lab, labOfBytes } from './lab.ts';
import { constant, drawnFace, recolored, warmed } from './testing/pictures.ts';

const { image, mask } = drawnFace();

describe('CIELAB of sRGB', () => {
  // Bruce Lindbloom's calculator, sRGB with D65, no adaptation.
  test.each([
    [
      [255, 255, 255],
      [100, 0, 0],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
    [
      [255, 0, 0],
      [53.2408, 80.0925, 67.2032],
    ],
    [
      [0, 0, 255],
      [32.297, 79.1875, -107.8602],
    ],
    [
      [119, 119, 119],
      [50.0344, 0, 0],
    ],
  ] as const)('%j is %j', (rgb, lab) => {
    const [red, green, blue] = rgb;
    const found = labOfBytes(red, green, blue);
    for (const [i, value] of lab.entries()) expect(Math.abs(found[i] - value)).toBeLessThan(0.02);
  });
});

describe('CIEDE2000', () => {
  // Sharma, Wu and Dalal 2005, table 1: the pairs that tell implementations apart.
  test.each<readonly [Lab, Lab, number]>([
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 3.1571, -77.2803], [50, 0, -82.7485], 2.8615],
    [[50, -1.3802, -84.2814], [50, 0, -82.7485], 1],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, 2.49, -0.001], [50, -2.49, 0.0009], 7.1792],
    [[50, 2.49, -0.001], [50, -2.49, 0.0011], 7.2195],
    [[50, -0.001, 2.49], [50, 0.0009, -2.49], 4.8045],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
    [[90.8027, -2.0831, 1.441], [91.1528, -1.6435, 0.0447], 1.4441],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ])('%j and %j', (first, second, expected) => {
    expect(Math.abs(ciede2000(first, second) - expected)).toBeLessThan(5e-5);
    expect(Math.abs(ciede2000(second, first) - expected)).toBeLessThan(5e-5);
  });

  test('mean over an image', () => {
    expect(meanColorDifference(image, image)).toBe(0);
    expect(meanColorDifference(image, warmed(image))).toBeGreaterThan(3);
  });
});

describe('complexion', () => {
  const own = complexionOf(image, mask);

  test('is that of the skin, by hand from its colour', () => {
    // Skin (205, 160, 135) less the shade 8 in the middle.
    const [lightness, , yellow] = labOfBytes(197, 152, 127);
    const angle = (Math.atan2(lightness - 50, yellow) * 180) / Math.PI;
    expect(own?.typologyAngle).toBeDefined();
    expect(Math.abs((own?.typologyAngle ?? 0) - angle)).toBeLessThan(2);
    expect(complexionGroupOf(own?.typologyAngle ?? 0)).toBe('intermediate');
  });

  test('does not move when nothing changes, falls when the skin darkens', () => {
    if (own === undefined) throw new Error('The drawn face has skin.');
    expect(complexionShift(own, own)).toEqual({ lightness: 0, typologyAngle: 0 });
    const darker = complexionOf(
      recolored(image, (v) => 0.6 * v),
      mask,
    );
    const shift = complexionShift(own, darker ?? own);
    expect(shift.lightness).toBeLessThan(-10);
    expect(shift.typologyAngle).toBeLessThan(-20);
  });

  test('grey skin has a lightness but no angle', () => {
    const grey = complexionOf(constant(image), mask);
    expect(grey?.typologyAngle).toBeUndefined();
    expect(grey?.lightness).toBeCloseTo(53.585, 2);
  });

  test('needs skin', () => {
    expect(complexionOf(image, { ...mask, codes: mask.codes.map(() => 0) })).toBeUndefined();
  });

  test('turns the short way round', () => {
    const turned = complexionShift(
      { lightness: 50, typologyAngle: 170 },
      { lightness: 50, typologyAngle: -170 },
    );
    expect(turned.typologyAngle).toBe(20);
  });

  test.each([
    [60, 'very light'],
    [41, 'intermediate'],
    [11, 'tan'],
    [-29, 'brown'],
    [-30, 'dark'],
  ] as const)('%d° is %s', (angle, group) => expect(complexionGroupOf(angle)).toBe(group));
});
