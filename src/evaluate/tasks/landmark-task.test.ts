import { describe, expect, it, test } from 'vitest';
import { normal, randomKey } from '../../base/random.ts';
import type { Point } from '../../faces/index.ts';
import { improvementText, improvementTexts, taskSection } from '../report/task-table.ts';
import type { TaskResult } from './compare-arms.ts';
import { cropSize, type LabelledFace } from './labelled-faces.ts';
import { landmarkTask, type Residuals, withoutOffset } from './landmark-task.ts';
import type { ItemErrors, RememberErrors } from './task-options.ts';

/** Bright spots at the eyes and the mouth, each moved a little, on a ground of noise. */
function spots(seed: number): LabelledFace {
  const moved = normal(randomKey(seed), 6).map((z) => 0.02 * z);
  const places = [
    [0.35, 0.4],
    [0.65, 0.4],
    [0.5, 0.65],
  ].map(([x, y], k): Point => [x + moved[2 * k], y + moved[2 * k + 1]]);
  const landmarks = Array.from({ length: 68 }, (_, i) => places[i < 42 ? 0 : i < 48 ? 1 : 2]);
  const crop = Uint8Array.from(normal(randomKey(seed + 500), 3 * cropSize ** 2), (z) => 60 + 9 * z);
  for (const place of places) {
    const [x, y] = place.map((v) => Math.round(v * cropSize));
    for (let row = y - 3; row < y + 3; row++) {
      for (let c = 0; c < 3; c++) {
        const start = (c * cropSize + row) * cropSize + x;
        crop.fill(250, start - 3, start + 3);
      }
    }
  }
  return { name: `${seed}`, crop, landmarks, known: landmarks.map(() => true), beside: [] };
}

test('networks of the renders that are known are not trained again, and say the same', async () => {
  const faces = Array.from({ length: 12 }, (_, i) => spots(i));
  const kept = new Map<string, ItemErrors>();
  const rememberErrors: RememberErrors = async (network, train) => {
    const errors = kept.get(network) ?? (await train());
    kept.set(network, errors);
    return errors;
  };
  let steps = 0;
  const options = {
    sets: { renders: faces, refined: faces.slice(0, 10) },
    test: Array.from({ length: 12 }, (_, i) => spots(100 + i)),
    budget: { steps: 3, seeds: 2, batchSize: 8 },
    key: randomKey(1),
    onStep: () => {
      steps++;
    },
  };
  const alone = await landmarkTask(options);
  expect(await landmarkTask({ ...options, rememberErrors })).toEqual(alone);
  expect([...kept.keys()].sort()).toEqual(['strong-0', 'strong-1', 'weak-0', 'weak-1']);
  expect(await landmarkTask({ ...options, rememberErrors })).toEqual(alone);
  expect(steps).toBe(3 * 4 * 2 * 3);

  expect(kept.get('weak-0')).not.toEqual(kept.get('weak-1'));
  kept.set('weak-0', { ...kept.get('weak-0')!, asLabelled: new Array(12).fill(7) });
  kept.set('weak-1', { ...kept.get('weak-1')!, asLabelled: new Array(12).fill(9) });
  const [renders, augmented, refined] = (await landmarkTask({ ...options, rememberErrors })).rows;
  expect(renders.mean).toBe(8);
  expect([augmented, refined]).toEqual([alone.rows[1], alone.rows[2]]);
});

test('trains every arm alike and compares them on the photographs', async () => {
  const faces = Array.from({ length: 12 }, (_, i) => spots(i));
  // Without any spot there is nothing to learn from.
  const blind = faces.map((face) => ({ ...face, crop: face.crop.map(() => 60) }));
  let steps = 0;
  const result = await landmarkTask({
    sets: { renders: faces, refined: blind },
    test: Array.from({ length: 12 }, (_, i) => spots(100 + i)),
    budget: { steps: 60, seeds: 1, batchSize: 8 },
    key: randomKey(1),
    onStep: () => {
      steps++;
    },
  });
  expect(steps).toBe(4 * 60);
  expect(result.rows.map(({ name }) => name)).toEqual([
    'renders',
    'renders, strong augmentation',
    'refined',
    'refined, strong augmentation',
  ]);
  for (const { mean, low, high } of result.rows) {
    expect(low).toBeLessThanOrEqual(mean);
    expect(high).toBeGreaterThanOrEqual(mean);
    expect(mean).toBeGreaterThan(0);
  }
  expect(result.testItems).toBe(12);
  // The framing moves all spots of a photograph alike: only a network that sees them can know it.
  const { rows, improvement } = result.adapted!;
  const [renders, augmented, ...blinded] = rows.map(({ mean }) => mean / result.blind!);
  expect(Math.max(renders, augmented)).toBeLessThan(0.7);
  expect(Math.min(...blinded)).toBeGreaterThan(0.9);
  expect(improvement.value).toBeLessThan(-0.3);
});

describe('label adaptation', () => {
  const faces: Residuals[][] = [0.01, -0.02, 0.04].map((own) => [
    [
      [0.1 + own, -0.3],
      [own, own],
    ],
  ]);

  it('takes away what all photographs share, and judges none by its own residual', () => {
    const [first] = withoutOffset(faces);
    expect(first[0][0]![0]).toBeCloseTo(0.11 - (0.08 + 0.14) / 2, 12);
    expect(first[0][0]![1]).toBeCloseTo(0, 12);
    const shifted = faces.map(([face]) => [
      face.map((point): Point => [point![0] + 0.5, point![1]]),
    ]);
    const before = withoutOffset(faces).flat(3);
    for (const [i, value] of withoutOffset(shifted).flat(3).entries()) {
      expect(value).toBeCloseTo(before[i]!, 12);
    }
  });

  it('takes no framing of a photograph for another photograph', () => {
    const [[narrow, wide], [other]] = withoutOffset([[[[0.1, 0]], [[0.3, 0]]], [[[0.2, 0.5]]]]);
    expect(narrow[0]![0]).toBeCloseTo(0.1 - 0.2, 12);
    expect(narrow[0]![1]).toBeCloseTo(-0.5, 12);
    expect(wide[0]![0]).toBeCloseTo(0.1, 12);
    expect(other[0]![0]).toBeCloseTo(0, 12);
  });

  it('leaves unknown points out, and a point alone as it is', () => {
    const partly: Residuals[][] = [
      [[[0.1, 0], undefined]],
      [[undefined, undefined]],
      [
        [
          [0.3, 0],
          [0.2, 0.2],
        ],
      ],
    ];
    const [[first], [second], [third]] = withoutOffset(partly);
    expect(first[0]![0]).toBeCloseTo(-0.2, 12);
    expect(second).toEqual([undefined, undefined]);
    expect(third[1]).toEqual([0.2, 0.2]);
  });
});

test('the page has a column and a sentence for label adaptation where there is one', () => {
  const row = { name: 'renders', trainingImages: 9, mean: 0.2, low: 0.1, high: 0.3 };
  const improvement = { value: 0.2, low: 0.1, high: 0.3 };
  const result: TaskResult = {
    ...{ task: 'landmarks', measure: 'error', better: 'less', testItems: 10 },
    budget: { steps: 1, seeds: 2, batchSize: 2 },
    ...{ rows: [row], improvement },
  };
  expect(improvementTexts(result)).toEqual([improvementText(improvement)]);
  expect(taskSection(result)).not.toContain('label adaptation');
  const adapted = {
    rows: [{ ...row, mean: 0.07 }],
    improvement: { value: -0.2, low: -0.3, high: -0.1 },
  };
  expect(improvementTexts({ ...result, adapted })[1]).toMatch(
    /^After label adaptation .* raises the error by 20 %/,
  );
  const section = taskSection({ ...result, adapted, blind: 0.09 });
  expect(section).toMatch(/label adaptation<\/th>.*0\.07/s);
  expect(section).toContain('A network that sees nothing has 0.09 after label adaptation.');
});

test('only a difference outside of the interval is claimed', () => {
  expect(improvementText({ value: 0.2, low: 0.1, high: 0.3 })).toMatch(/lowers the error by 20 %/);
  expect(improvementText({ value: -0.2, low: -0.3, high: -0.1 })).toMatch(
    /raises the error by 20 %/,
  );
  expect(improvementText({ value: 0.2, low: -0.1, high: 0.4 })).toMatch(/no measurable difference/);
});
