import { expect, test } from 'vitest';
import { randomKey, uniform } from '../../base/random.ts';
import { compareArms, type TrainingArm } from './compare-arms.ts';

/** Errors of ten photographs; a seed of its own makes all arms worse by the same factor. */
const compare = (errorOf: (arm: TrainingArm, item: number) => number) =>
  compareArms({
    task: 'landmarks',
    measure: 'error',
    better: 'less',
    testItems: 10,
    budget: { steps: 1, seeds: 3, batchSize: 2 },
    key: randomKey(1),
    trainingImages: { renders: 5, refined: 4 },
    train: async (arm, key) => {
      const [luck] = uniform(key, 1);
      return {
        score: (items) =>
          items.reduce((sum, i) => sum + (1 + luck) * errorOf(arm, i), 0) / items.length,
      };
    },
  });

test('refined counts against renders with augmentation on both sides, whatever the other arms score', async () => {
  const { improvement, rows, adapted } = await compare((arm, item) => {
    if (arm.augmentation === 'weak') return arm.set === 'refined' ? 0.01 : 1;
    return (arm.set === 'refined' ? 0.8 : 1) * (1 + item);
  });
  expect(improvement.value).toBeCloseTo(0.2, 12);
  // What seeds and photographs do to both sides alike is no doubt about the difference.
  expect(improvement.low).toBeCloseTo(0.2, 12);
  expect(improvement.high).toBeCloseTo(0.2, 12);
  expect(rows[1].high).toBeGreaterThan(rows[1].low + 0.5);
  expect(rows.map(({ trainingImages }) => trainingImages)).toEqual([5, 5, 4, 4]);
  expect(adapted).toBeUndefined();
});

test('scores after label adaptation are compared as the others are', async () => {
  const { improvement, adapted } = await compareArms({
    ...{ task: 'landmarks', measure: 'error', better: 'less', testItems: 10, key: randomKey(1) },
    budget: { steps: 1, seeds: 2, batchSize: 2 },
    trainingImages: { renders: 5, refined: 4 },
    train: async ({ set }) => ({
      score: () => (set === 'refined' ? 0.9 : 1),
      adapted: () => (set === 'refined' ? 0.3 : 0.5),
    }),
  });
  expect(improvement.value).toBeCloseTo(0.1, 12);
  expect(adapted!.improvement.value).toBeCloseTo(0.4, 12);
  expect(adapted!.rows.map(({ mean }) => mean)).toEqual([0.5, 0.5, 0.3, 0.3]);
});

test('a difference that hangs on a few photographs has a wide interval', async () => {
  const { improvement } = await compare((arm, item) =>
    arm.set === 'refined' && item === 3 ? 5 : 1,
  );
  expect(improvement.low).toBeLessThan(-0.5);
  expect(improvement.high).toBeCloseTo(0, 12);
});
