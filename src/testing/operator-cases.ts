import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { tracedInput } from '../tensor/operators/input.ts';
import { type Shape, ShapeError, type Tensor } from '../tensor/tensor.ts';
import { evaluateOne } from './evaluate.ts';
import {
  type GradientCheckOptions,
  gradientError,
  gradientTolerance,
  secondOrderError,
  secondOrderTolerance,
} from './gradient-check.ts';

/** An operator applied to values, named as in `test/golden/operators.py`. */
export interface OperatorCase extends GradientCheckOptions {
  readonly inputs: readonly HostTensor[];
  readonly apply: (inputs: readonly Tensor[]) => Tensor;
  /** Which derivatives are compared with finite differences; default 1. */
  readonly order?: 0 | 1 | 2;
}

interface GoldenValue {
  readonly shape: Shape;
  readonly data: readonly number[];
}

const golden: Readonly<Record<string, GoldenValue>> = JSON.parse(
  readFileSync(new URL('../../test/golden/fixtures/operators.json', import.meta.url), 'utf8'),
);

/** Makes tests of the values, the gradient and, with `order` 2, the second derivatives. */
export function testOperators(cases: Readonly<Record<string, OperatorCase>>): void {
  for (const [name, { inputs, apply, order = 1, ...options }] of Object.entries(cases)) {
    it(`${name}: values`, async () => {
      const { shape, data } = golden[name];
      expectClose(await evaluateOne(apply, inputs), hostTensor(shape, Float32Array.from(data)));
    });
    if (order === 0) continue;
    it(`${name}: gradient`, async () => {
      expect(await gradientError(apply, inputs, options)).toBeLessThan(gradientTolerance);
    });
    if (order === 1) continue;
    it(`${name}: second derivatives`, async () => {
      expect(await secondOrderError(apply, inputs, options)).toBeLessThan(secondOrderTolerance);
    });
  }
}

/** Asserts equal shapes, and values equal within `tolerance` of the largest value. */
export function expectClose(actual: HostTensor, expected: HostTensor, tolerance = 1e-5): void {
  expect(actual.shape).toEqual(expected.shape);
  const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  for (const [i, value] of expected.data.entries()) {
    const off = Math.abs(actual.data[i] - value) / largest;
    if (!(off <= tolerance)) expect(actual.data[i], `element ${i}`).toBe(value);
  }
}

/** Makes a test that shapes are refused while tracing, with the operator's name and the shapes. */
export function testShapeError(
  operator: string,
  shapes: readonly Shape[],
  apply: (inputs: readonly Tensor[]) => Tensor,
): void {
  const listed = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
  it(`${operator} refuses ${listed}`, () => {
    const inputs = shapes.map((shape, i) => tracedInput(`input${i}`, shape));
    const attempt = () => apply(inputs);
    expect(attempt).toThrow(ShapeError);
    expect(attempt).toThrow(new RegExp(`^${operator}: Expected `));
    for (const { shape } of inputs) expect(attempt).toThrow(`[${shape.join(', ')}]`);
  });
}
