import { describe, expect, test } from 'vitest';
import { randomKey } from '../../base/random.ts';
import type { Point } from '../../faces/index.ts';
import { averagePrecision, detectionTask } from './detection-task.ts';
import { cropSize, type LabelledFace } from './labelled-faces.ts';
import { placesBeside } from './places-beside.ts';
import { decideByFolds, facePairs, recognitionTask } from './recognition-task.ts';

const plane = cropSize ** 2;
const landmarks = Array.from({ length: 68 }, (_, i): Point => [i === 45 ? 0.7 : 0.3, 0.5]);

/** A person is a pattern of stripes; the grey of a picture says nothing. */
function stripes(identity: number, picture: number): LabelledFace {
  const crop = Uint8Array.from({ length: 3 * plane }, (_, i) => {
    const [x, y] = [i % cropSize, Math.floor((i % plane) / cropSize)];
    const wave = identity % 2 === 0 ? x : y;
    return 90 + 10 * (picture % 3) + (Math.floor(wave / (4 + 4 * (identity >> 1))) % 2) * 100;
  });
  const flat = new Uint8Array(3 * plane).fill(100 + picture);
  return {
    name: `${identity}-${picture}`,
    crop,
    landmarks,
    known: landmarks.map(() => true),
    identity,
    beside: [flat],
  };
}

const faces = [0, 1, 2, 3].flatMap((identity) =>
  [0, 1, 2, 3].map((picture) => stripes(identity, picture)),
);
const options = {
  sets: { renders: faces, refined: faces },
  test: faces,
  budget: { steps: 25, seeds: 1, batchSize: 8 },
  key: randomKey(1),
};

describe('recognition', () => {
  test('people who are easy to tell apart are told apart', async () => {
    const { rows, testItems, better } = await recognitionTask(options);
    expect(better).toBe('more');
    expect(testItems).toBe(48);
    expect(Math.max(...rows.map(({ mean }) => mean))).toBeGreaterThan(0.8);
  });

  test('pairs are as often of one person as of two', () => {
    const pairs = facePairs(faces, randomKey(3));
    expect(pairs.filter(({ same }) => same)).toHaveLength(24);
    for (const { first, second, same } of pairs) {
      expect(faces[first].identity === faces[second].identity).toBe(same);
    }
  });

  test('the threshold comes from the other folds', () => {
    const pairs = Array.from({ length: 40 }, (_, i) => ({ same: i % 2 === 0 }));
    const apart = pairs.map(({ same }, i) => (same ? 0.9 : 0.1) + i / 1000);
    expect(decideByFolds(apart, pairs).every((right) => right === 1)).toBe(true);
    const noise = pairs.map((_, i) => ((i * 7) % 13) / 13);
    const right = decideByFolds(noise, pairs).reduce((sum, r) => sum + r, 0);
    expect(right).toBeLessThan(30);
  });

  test('faces that nobody named are no pair of one person', async () => {
    const strangers = faces.map((face) => ({ ...face, identity: undefined }));
    const mixed = [...faces, ...strangers];
    const sets = { renders: mixed, refined: mixed };
    const { testItems, rows } = await recognitionTask({ ...options, sets, test: mixed });
    expect(testItems).toBe(48);
    expect(Math.max(...rows.map(({ mean }) => mean))).toBeGreaterThan(0.8);
  });

  test('sets without identities are refused', async () => {
    const nameless = faces.map((face) => ({ ...face, identity: undefined }));
    const sets = { renders: nameless, refined: nameless };
    await expect(async () => recognitionTask({ ...options, sets })).rejects.toThrow(
      /several images of at least one identity.*--images-per-identity/,
    );
  });
});

describe('detection', () => {
  test('faces are told from what lies beside them', async () => {
    const { rows, testItems } = await detectionTask(options);
    expect(testItems).toBe(32);
    expect(Math.max(...rows.map(({ mean }) => mean))).toBeGreaterThan(0.95);
  });

  test('faces that fill their images are refused', async () => {
    const filling = faces.map((face) => ({ ...face, beside: [] }));
    for (const changed of [{ test: filling }, { sets: { renders: filling, refined: filling } }]) {
      await expect(async () => detectionTask({ ...options, ...changed })).rejects.toThrow(
        /^Expected at least 10 places beside the 16 faces of the (test|training) set, got 0/,
      );
    }
  });

  test('average precision by hand', () => {
    const windows = (text: string) =>
      [...text].map((letter, i) => ({ score: -i, isFace: letter === 'f' }));
    expect(averagePrecision(windows('ff--'))).toBe(1);
    expect(averagePrecision(windows('f-f-'))).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(averagePrecision(windows('--'))).toBe(0);
    const equal = [true, false, false].map((isFace) => ({ score: 0, isFace }));
    expect(averagePrecision(equal)).toBeCloseTo(1 / 3, 12);
  });

  test('windows beside a face hardly show it', () => {
    const frame = { centre: [50, 50] as const, side: 40 };
    const places = placesBeside({ width: 200, height: 200 }, frame, {
      key: randomKey(1),
      count: 5,
    });
    expect(places).toHaveLength(5);
    for (const { centre, side } of places) {
      const shared = [0, 1].map((axis) =>
        Math.max(0, (side + 40) / 2 - Math.abs(centre[axis] - 50)),
      );
      expect(Math.min(shared[0], side) * Math.min(shared[1], side)).toBeLessThan((side * side) / 4);
      expect(side).toBeLessThanOrEqual(40);
    }
    const full = { centre: [50, 50] as const, side: 400 };
    expect(
      placesBeside({ width: 100, height: 100 }, full, { key: randomKey(1), count: 5 }),
    ).toEqual([]);
  });
});
