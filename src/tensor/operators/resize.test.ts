import { describe, expect, it } from 'vitest';
import { evaluateOne } from '../../testing/evaluate.ts';
import { testOperators, testShapeError } from '../../testing/operator-cases.ts';
import { pattern } from '../../testing/pattern.ts';
import { resizeBilinear, resizeNearest } from './resize.ts';

const x = pattern([1, 2, 4, 6], 11);

for (const factor of [2, 3]) {
  testOperators({
    [`resizeNearest, ${factor}`]: {
      inputs: [x],
      apply: ([x]) => resizeNearest(x, factor),
      order: 2,
    },
  });
}

for (const factor of [0.5, 1.5, 2, 3]) {
  testOperators({
    [`resizeBilinear, ${factor}`]: {
      inputs: [x],
      apply: ([x]) => resizeBilinear(x, factor),
      order: 2,
    },
  });
}

describe('resizeBilinear', () => {
  it.each([0.1, 0.7, 1 / 3, 1.1])('gives whole sizes for a factor of %f', async (factor) => {
    // Rounded to float32, some factors lie below what makes the size whole.
    const size = factor === 1 / 3 ? 9 : 10;
    const { shape } = await evaluateOne(
      ([x]) => resizeBilinear(x, factor),
      [pattern([1, 1, size, size], 1)],
    );
    expect(shape).toEqual([1, 1, Math.round(size * factor), Math.round(size * factor)]);
  });
});

testShapeError('resizeNearest', [[1, 2, 4, 4]], ([x]) => resizeNearest(x, 0.5));
testShapeError('resizeNearest', [[1, 2, 4, 4]], ([x]) => resizeNearest(x, 0));
testShapeError('resizeNearest', [[2, 4, 4]], ([x]) => resizeNearest(x, 2));
testShapeError('resizeBilinear', [[1, 2, 5, 4]], ([x]) => resizeBilinear(x, 0.5));
testShapeError('resizeBilinear', [[2, 4, 4]], ([x]) => resizeBilinear(x, 2));
