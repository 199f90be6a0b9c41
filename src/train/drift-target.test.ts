import { describe, expect, it } from 'vitest';
import { type TrainConfigInput, trainConfig } from './config.ts';
import { driftFactor } from './drift-target.ts';
import type { SelectionRecord } from './selection-record.ts';

const config = (regularization: TrainConfigInput['regularization'] = { driftTarget: 0.5 }) =>
  trainConfig({ regularization, selection: { every: 10 } });

const recordsOf = (drifts: readonly (number | undefined)[], noiseFloor?: number) =>
  drifts.map(
    (drift, i): SelectionRecord => ({
      ...{ step: 10 * (i + 1), realism: 1, realismOfRenders: 1, seconds: 1 },
      ...{ drift, noiseFloor },
    }),
  );

describe('λ that holds the measured drift at a target', () => {
  it.each([
    ['rises where the drift is above it', 0.3, Math.exp(0.5)],
    ['falls where the drift is below it', 0.1, Math.exp(-0.1 * 0.5)],
    ['stays where the drift is on it', 0.2, 1],
    ['rises by its logarithm at most', 7, Math.E],
    ['falls by a tenth of that at most', 0, Math.exp(-0.1)],
  ])('%s', (_, drift, factor) => {
    expect(driftFactor(recordsOf([drift], 0.4), config())).toBeCloseTo(factor, 12);
    const three = recordsOf([drift, drift, drift], 0.4);
    expect(driftFactor(three, config())).toBeCloseTo(factor ** 3, 12);
  });

  it('is the λ of the configuration without a target, a measurement, or a face', () => {
    expect(driftFactor(recordsOf([9], 0.4), config({}))).toBe(1);
    expect(driftFactor([], config())).toBe(1);
    expect(driftFactor(recordsOf([undefined], 0.4), config())).toBe(1);
    expect(driftFactor(recordsOf([9], undefined), config())).toBe(1);
    expect(driftFactor(recordsOf([9], 0), config())).toBe(1);
  });

  it('passes over the measurement of an end that is no regular one', () => {
    const [first] = recordsOf([0.4], 0.4);
    const last = { ...first, step: 17 };
    expect(driftFactor([first, last], config())).toBe(driftFactor([first], config()));
  });

  it.each([
    ['above', 9, 1000],
    ['below', 0, 0.001],
  ])('stops a thousandfold away where the drift stays %s it', (_, drift, last) => {
    expect(driftFactor(recordsOf(Array(80).fill(drift), 0.4), config())).toBe(last);
  });

  it.each([
    [{ regularization: { driftTarget: 1 } }, 'above 0 where regularization.driftTarget is set'],
    [
      { regularization: { driftTarget: 1, target: 0.1 }, selection: { every: 1 } },
      '0 where regularization.target is set',
    ],
    [
      { regularization: { driftTarget: 1, weight: 0 }, selection: { every: 1 } },
      'above 0 where regularization.driftTarget is set',
    ],
    [
      { regularization: { driftTarget: 0.9 }, selection: { every: 1, driftLimit: 0.5 } },
      'at most selection.driftLimit, 0.5',
    ],
  ])('refuses %j', (values, message) => {
    expect(() => trainConfig(values)).toThrow(message);
  });
});
