import { permutation, type RandomKey, split } from '../../base/random.ts';
import { type Matrix, matrix, selectRows } from '../linear-algebra/matrix.ts';
import type { Interval } from './bootstrap.ts';

/** How well a classifier tells two sets apart on images it was not trained on. */
export interface TwoSampleAccuracy extends Interval {
  /** 0.5 where the sets cannot be told apart, 1 where each image can. */
  readonly accuracy: number;
  /** Images of each set. */
  readonly images: number;
}

export interface TwoSampleOptions {
  readonly key: RandomKey;
  /** Parts of which each is held out once, 5 by default. */
  readonly folds?: number;
}

/**
 * The classifier two-sample test (Lopez-Paz and Oquab 2017, arXiv 1610.06545, section 3): the accuracy of
 * a one-layer network (logistic regression on standardised features) under cross-validation, between
 * equally many images of both sets, with the Wilson interval (1927) at 95 %.
 *
 * @param first features [images, dimensions]
 * @param second features in the same space
 */
export function twoSampleAccuracy(
  first: Matrix,
  second: Matrix,
  { key, folds = 5 }: TwoSampleOptions,
): TwoSampleAccuracy {
  const images = Math.min(first.rows, second.rows);
  const orders = [first, second].map((set, s) => permutation(split(key, s), set.rows));
  const part = (set: 0 | 1, keeps: (i: number) => boolean) =>
    selectRows(
      [first, second][set],
      orders[set].subarray(0, images).filter((_, i) => keeps(i)),
    );
  let right = 0;
  for (let fold = 0; fold < folds; fold++) {
    const held = (i: number) => i % folds === fold;
    const score = trainLogistic(
      part(0, (i) => !held(i)),
      part(1, (i) => !held(i)),
    );
    right += score(part(0, held)).filter((s) => s < 0).length;
    right += score(part(1, held)).filter((s) => s > 0).length;
  }
  return { accuracy: right / (2 * images), ...wilson(right, 2 * images), images };
}

const [iterations, stepSize, momentum, weightDecay] = [150, 0.5, 0.9, 0.01];

/** A score that is negative for the first set and positive for the second. */
function trainLogistic(first: Matrix, second: Matrix): (set: Matrix) => Float64Array {
  const { columns } = first;
  const { mean, deviation } = standardization(first, second);
  const standardized = (m: Matrix) =>
    matrix(
      m.rows,
      columns,
      m.values.map((v, i) => (v - mean[i % columns]) / deviation[i % columns]),
    );
  const sets = [standardized(first), standardized(second)];
  const count = first.rows + second.rows;
  const weights = new Float64Array(columns);
  const velocity = new Float64Array(columns);
  // Divided by the dimensions, so that the step fits every feature space.
  const rate = stepSize / Math.sqrt(columns);
  let bias = 0;
  for (let i = 0; i < iterations; i++) {
    const gradient = weights.map((w) => weightDecay * w);
    for (const [target, set] of sets.entries()) {
      const scores = scoresOf(set, weights, bias);
      for (const [row, score] of scores.entries()) {
        const error = (1 / (1 + Math.exp(-score)) - target) / count;
        const start = row * columns;
        for (let j = 0; j < columns; j++) gradient[j] += error * set.values[start + j];
        bias -= rate * error;
      }
    }
    for (let j = 0; j < columns; j++) {
      velocity[j] = momentum * velocity[j] - rate * gradient[j];
      weights[j] += velocity[j];
    }
  }
  return (set) => scoresOf(standardized(set), weights, bias);
}

function scoresOf(set: Matrix, weights: Float64Array, bias: number): Float64Array {
  return Float64Array.from({ length: set.rows }, (_, row) => {
    let score = bias;
    const start = row * set.columns;
    for (let j = 0; j < set.columns; j++) score += weights[j] * set.values[start + j];
    return score;
  });
}

/** Mean and deviation of each column over both sets; a constant column has deviation 1. */
function standardization(first: Matrix, second: Matrix) {
  const count = first.rows + second.rows;
  const mean = new Float64Array(first.columns);
  const square = new Float64Array(first.columns);
  for (const { values, columns } of [first, second]) {
    for (const [i, value] of values.entries()) {
      mean[i % columns] += value / count;
      square[i % columns] += value ** 2 / count;
    }
  }
  const deviation = square.map((s, j) => Math.sqrt(Math.max(0, s - mean[j] ** 2)) || 1);
  return { mean, deviation };
}

/** Wilson's interval of a share. */
function wilson(right: number, count: number): Interval {
  const z = 1.959964;
  const p = right / count;
  const centre = p + z ** 2 / (2 * count);
  const margin = z * Math.sqrt((p * (1 - p)) / count + z ** 2 / (4 * count ** 2));
  const scale = 1 + z ** 2 / count;
  return { low: (centre - margin) / scale, high: (centre + margin) / scale };
}
