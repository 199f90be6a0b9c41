import { describe, expect, it } from 'vitest';
import { trainConfig } from './config.ts';
import {
  adversarialSteps,
  progressPoint,
  requireStepsLeft,
  stepIndex,
  totalSteps,
} from './progress-point.ts';

const config = trainConfig({ steps: 3, pretraining: { refinerSteps: 2, discriminatorSteps: 1 } });

describe('progress', () => {
  it('goes through the phases, each counted from 1', () => {
    const points = Array.from({ length: totalSteps(config) }, (_, i) => progressPoint(i, config));
    expect(points).toEqual([
      { phase: 'refiner-pretraining', step: 1 },
      { phase: 'refiner-pretraining', step: 2 },
      { phase: 'discriminator-pretraining', step: 1 },
      { phase: 'adversarial', step: 1 },
      { phase: 'adversarial', step: 2 },
      { phase: 'adversarial', step: 3 },
    ]);
    expect(points.map((point) => stepIndex(point, config))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('starts with the game where there is no pre-training', () => {
    expect(progressPoint(0, trainConfig())).toEqual({ phase: 'adversarial', step: 1 });
  });

  it('counts adversarial iterations', () => {
    expect([0, 3, 4, 6].map((index) => adversarialSteps(index, config))).toEqual([0, 0, 1, 3]);
  });

  it('refuses fewer iterations than are done', () => {
    expect(() => requireStepsLeft(6, config)).not.toThrow();
    expect(() => requireStepsLeft(8, config)).toThrow(
      'Expected --steps to be at least the 5 iterations that the run has done, got 3.',
    );
  });
});
