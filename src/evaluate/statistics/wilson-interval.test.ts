import { expect, test } from 'vitest';
import { wilsonInterval } from './wilson-interval.ts';

test('by hand: 8 of 10 is 0.49 … 0.94, and the ends stay within 0 … 1', () => {
  const { low, high } = wilsonInterval(8, 10);
  expect(low).toBeCloseTo(0.4902, 3);
  expect(high).toBeCloseTo(0.9433, 3);
  expect(wilsonInterval(0, 20).low).toBeCloseTo(0, 12);
  expect(wilsonInterval(20, 20).high).toBeCloseTo(1, 12);
});
