import { expect, it } from 'vitest';
import { requireFinite } from './divergence.ts';

const line = { phase: 'adversarial', step: 7, refinerLoss: 0.5, discriminatorLoss: 1e30 } as const;

it('takes any finite number', () => {
  expect(() => requireFinite(line)).not.toThrow();
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d by name and step', (value) => {
  expect(() => requireFinite({ ...line, refinerLoss: value })).toThrow(
    `Expected finite losses, got refinerLoss ${value} in step 7 of phase adversarial`,
  );
});
