import { expect, test } from 'vitest';
import type { Identity } from '../scene/scene.ts';
import { macroWeights } from './identity.ts';

const identity: Identity = {
  age: 57.5,
  sex: 0.25,
  muscle: 0.5,
  weight: 0.75,
  ancestry: { african: 0.2, asian: 0.3, caucasian: 0.5 },
  shape: {},
  skin: '',
  skinColor: [0, 0, 0],
  iris: '',
  eyebrows: '',
  eyelashes: '',
  hairColor: [0, 0, 0],
  eyebrowColor: [0, 0, 0],
};

test('weighs every combination by the product of its shares', () => {
  const weights = macroWeights(identity);
  // 57.5 years are half way from 25 to 90; a weight of 0.75 half way from average to most.
  expect(weights.get('macrodetails/asian-male-old')).toBeCloseTo(0.3 * 0.25 * 0.5);
  expect(weights.get('macrodetails/universal-female-young-averagemuscle-maxweight')).toBeCloseTo(
    0.75 * 0.5 * 0.5,
  );
});

test('shares of ancestry and of build each sum to 1', () => {
  const weights = [...macroWeights({ ...identity, age: 14 })];
  const sum = (universal: boolean) =>
    weights
      .filter(([name]) => name.includes('universal') === universal)
      .reduce((total, [, weight]) => total + weight, 0);
  expect(sum(true)).toBeCloseTo(1);
  expect(sum(false)).toBeCloseTo(1);
});
