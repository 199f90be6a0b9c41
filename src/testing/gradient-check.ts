import { gradients } from '../tensor/gradient.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { constant } from '../tensor/operators/constant.ts';
import { add, multiply, square } from '../tensor/operators/elementwise.ts';
import { sum } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type HostFunction, prepare } from './evaluate.ts';
import { pattern } from './pattern.ts';

/**
 * How far a gradient may be from central differences, relative to the largest gradient with respect
 * to the same input. Float32 outputs of size 1 and a step of 0.01 leave about 2e-5 of rounding, the
 * third derivatives about 1e-4; a wrong rule is off by more than a hundredth.
 */
export const gradientTolerance = 1e-3;

/** The same for the gradient of a function of a gradient, whose third derivatives are larger. */
export const secondOrderTolerance = 4e-3;

export interface GradientCheckOptions {
  /** The change of an input element on either side; default 0.01. */
  readonly step?: number;
  /** The inputs, by position, with respect to which is differentiated; default: all. */
  readonly withRespectTo?: readonly number[];
}

type OneOutput = (inputs: readonly Tensor[]) => Tensor;

/**
 * The largest difference between the traced gradient of Σ w · fn(inputs), with fixed irregular
 * weights w, and its central differences, relative to the largest of these for the same input.
 */
export async function gradientError(
  fn: OneOutput,
  inputs: readonly HostTensor[],
  options: GradientCheckOptions = {},
): Promise<number> {
  const targets = options.withRespectTo ?? [...inputs.keys()];
  const traced = await call((xs) => gradients(weightedSum(fn(xs)), pick(xs, targets)), inputs);
  const forward = await prepare((xs) => [fn(xs)], inputs);
  const difference = ([plus]: readonly HostTensor[], [minus]: readonly HostTensor[]) => {
    const weights = outputWeights(plus);
    return total(weights, (w, i) => w * (plus.data[i] - minus.data[i]));
  };
  return compare(forward, { ...options, inputs, targets, traced, difference });
}

/**
 * The same for second derivatives: the traced gradient of Σ g², where g is the gradient of
 * Σ w · (fn(inputs) + ½)², against central differences of Σ g² computed from g. The square makes
 * the gradient of a linear `fn` depend on its inputs, the half keeps a square root a root.
 */
export async function secondOrderError(
  fn: OneOutput,
  inputs: readonly HostTensor[],
  options: GradientCheckOptions = {},
): Promise<number> {
  const targets = options.withRespectTo ?? [...inputs.keys()];
  const first = (xs: readonly Tensor[]) =>
    gradients(weightedSum(square(add(fn(xs), 0.5))), pick(xs, targets));
  const penalty = (xs: readonly Tensor[]) =>
    first(xs)
      .map((gradient) => sum(square(gradient)))
      .reduce((a, b) => add(a, b));
  const traced = await call((xs) => gradients(penalty(xs), pick(xs, targets)), inputs);
  const forward = await prepare(first, inputs);
  const difference = (plus: readonly HostTensor[], minus: readonly HostTensor[]) =>
    total(plus, ({ data }, i) =>
      total(data, (p, k) => (p - minus[i].data[k]) * (p + minus[i].data[k])),
    );
  return compare(forward, { ...options, inputs, targets, traced, difference });
}

interface Comparison extends GradientCheckOptions {
  readonly inputs: readonly HostTensor[];
  readonly targets: readonly number[];
  readonly traced: readonly HostTensor[];
  readonly difference: (plus: readonly HostTensor[], minus: readonly HostTensor[]) => number;
}

async function compare(forward: HostFunction, comparison: Comparison): Promise<number> {
  let error = 0;
  try {
    for (const [i, target] of comparison.targets.entries()) {
      const numeric = await centralDifferences(forward, target, comparison);
      const largest = numeric.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      if (largest === 0) throw new Error(`Input ${target} has no influence: choose others.`);
      const { data } = comparison.traced[i];
      // Written so that NaN counts as an error.
      for (const [k, value] of numeric.entries()) {
        const off = Math.abs(value - data[k]) / largest;
        if (!(off <= error)) error = off;
      }
    }
  } finally {
    await forward.dispose();
  }
  return error;
}

async function centralDifferences(
  forward: HostFunction,
  target: number,
  { inputs, step = 1e-2, difference }: Comparison,
): Promise<number[]> {
  const { shape, data } = inputs[target];
  const moved = async (index: number, by: number) => {
    const values = data.slice();
    values[index] += by;
    const results = await forward.call(inputs.with(target, hostTensor(shape, values)));
    return { at: values[index], results: results as readonly HostTensor[] };
  };
  const slopes: number[] = [];
  for (const index of data.keys()) {
    const plus = await moved(index, step);
    const minus = await moved(index, -step);
    slopes.push(difference(plus.results, minus.results) / (plus.at - minus.at));
  }
  return slopes;
}

async function call(fn: (xs: readonly Tensor[]) => Tensor[], inputs: readonly HostTensor[]) {
  const prepared = await prepare(fn, inputs);
  const results = await prepared.call(inputs);
  await prepared.dispose();
  return results as readonly HostTensor[];
}

function pick<T>(list: readonly T[], positions: readonly number[]): T[] {
  return positions.map((position) => list[position]);
}

function outputWeights({ shape }: { readonly shape: readonly number[] }): Float32Array {
  return pattern(shape, 99).data;
}

function weightedSum(output: Tensor): Tensor {
  return sum(multiply(output, constant(outputWeights(output), output.shape)));
}

function total<T>(values: Iterable<T>, term: (value: T, index: number) => number): number {
  let result = 0;
  let index = 0;
  for (const value of values) result += term(value, index++);
  return result;
}
