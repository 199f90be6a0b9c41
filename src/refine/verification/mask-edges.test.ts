import { describe, expect, test } from 'vitest';
import { parts } from '../../render/assets/parts.ts';
import { edgeAgreement } from './mask-edges.ts';
import { constant, drawnFace, moved, shiftedRight, warmed } from './testing/pictures.ts';

const { image, mask } = drawnFace();

test.each(['eyes', 'lips'] as const)('the %s of an unchanged image lie on their mask', (part) => {
  const agreement = edgeAgreement(image, image, { mask, part });
  expect(agreement?.displacement).toBe(0);
  expect(agreement?.correlation).toBeCloseTo(1, 6);
});

test.each(['eyes', 'lips'] as const)('changed colours do not move the %s', (part) => {
  const agreement = edgeAgreement(image, warmed(image), { mask, part });
  expect(agreement?.displacement).toBeLessThan(0.25);
  expect(agreement?.correlation).toBeGreaterThan(0.9);
});

describe('moved edges', () => {
  test.each(['eyes', 'lips'] as const)('3 pixels to the right move the %s', (part) => {
    const agreement = edgeAgreement(image, shiftedRight(image, 3), { mask, part });
    expect(agreement?.displacement).toBeGreaterThan(1);
  });

  test('3 pixels down move them by 3 where they are flat', () => {
    const down = moved(image, (x, y) => [x, y - 3]);
    const agreement = edgeAgreement(image, down, { mask, part: 'lips' });
    expect(agreement?.displacement).toBeGreaterThan(2);
    expect(agreement?.displacement).toBeLessThan(3.5);
  });

  test('a mouth that opens by 2 pixels each way, its centre in place', () => {
    const open = moved(image, (x, y) =>
      y > 36 ? [x, Math.round(y > 44 ? Math.max(44, y - 2) : Math.min(44, y + 2))] : [x, y],
    );
    const lips = edgeAgreement(image, open, { mask, part: 'lips' });
    expect(lips?.displacement).toBeGreaterThan(1.3);
    expect(edgeAgreement(image, open, { mask, part: 'eyes' })?.displacement).toBe(0);
  });

  test('they scale with the image', () => {
    const large = drawnFace(256);
    const down = moved(large.image, (x, y) => [x, y - 12]);
    const agreement = edgeAgreement(large.image, down, { mask: large.mask, part: 'lips' });
    expect(agreement?.displacement).toBeGreaterThan(8);
    expect(agreement?.displacement).toBeLessThan(14);
  });
});

test('a constant image has no edges left', () => {
  const agreement = edgeAgreement(image, constant(image), { mask, part: 'lips' });
  expect(agreement?.correlation).toBe(0);
});

test('parts that are not there, or have no edge, are not judged', () => {
  expect(edgeAgreement(image, image, { mask, part: 'brows' })).toBeUndefined();
  const flat = constant(image);
  expect(edgeAgreement(flat, image, { mask, part: 'lips' })).toBeUndefined();
  const few = { ...mask, codes: mask.codes.map(() => 0) };
  few.codes[2080] = parts.upperLip;
  expect(edgeAgreement(image, image, { mask: few, part: 'lips' })).toBeUndefined();
});
