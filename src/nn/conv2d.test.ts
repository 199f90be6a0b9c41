import { describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as conv2d from './conv2d.ts';
import { samePadding } from './padding.ts';
import { evaluate, ramp, values } from './testing/evaluate.ts';

const run = (options: conv2d.Conv2dApplyOptions) => (parameters: Conv, x: Tensor) =>
  conv2d.apply(parameters, x, options);
type Conv = conv2d.Conv2dParameters<Tensor>;

const sumOfNine = { weight: values([1, 1, 3, 3], ...new Array(9).fill(1)), bias: values([1], 0.5) };

describe('conv2d layer', () => {
  it('starts with weights of the asked shape and bias 0', () => {
    const { weight, bias } = conv2d.init(randomKey(1), { channels: 2, filters: 5, kernel: 3 });
    expect(weight.shape).toEqual([5, 2, 3, 3]);
    expect([...bias.data]).toEqual([0, 0, 0, 0, 0]);
    expect(new Set(weight.data).size).toBeGreaterThan(80);
  });

  it('puts the odd pixel of same padding after the image, as TensorFlow does', () => {
    expect(samePadding(55, { kernel: 3, stride: 2 })).toEqual([1, 1]);
    expect(samePadding(28, { kernel: 3, stride: 2 })).toEqual([0, 1]);
    expect(samePadding(8, { kernel: 1, stride: 2 })).toEqual([0, 0]);
    expect(samePadding(64, { kernel: 7, stride: 4 })).toEqual([1, 2]);
  });

  it('adds zeros and the bias', async () => {
    const y = await evaluate(run({}), sumOfNine, ramp([1, 1, 2, 3]));
    expect(y.shape).toEqual([1, 1, 2, 3]);
    expect([...y.data]).toEqual([8.5, 15.5, 12.5, 8.5, 15.5, 12.5]);
  });

  it('gives ceil(size / stride) with same padding', async () => {
    const x = ramp([1, 1, 4, 5], 1, 0);
    const y = await evaluate(run({ stride: 2 }), sumOfNine, x);
    expect(y.shape).toEqual([1, 1, 2, 3]);
    // Rows: nothing above, one below; columns: one on each side.
    expect([...y.data]).toEqual([6.5, 9.5, 6.5, 4.5, 6.5, 4.5]);
  });

  it('reflects without repeating the border', async () => {
    const y = await evaluate(run({ paddingMode: 'reflect' }), sumOfNine, ramp([1, 1, 2, 2]));
    // Around 0: rows (3 2 3), (1 0 1), (3 2 3).
    expect([...y.data]).toEqual([18.5, 15.5, 12.5, 9.5]);
  });

  it('takes valid and numeric padding', async () => {
    const x = ramp([1, 1, 3, 3]);
    expect([...(await evaluate(run({ padding: 'valid' }), sumOfNine, x)).data]).toEqual([36.5]);
    const wide = await evaluate(run({ padding: 2 }), sumOfNine, x);
    expect(wide.shape).toEqual([1, 1, 5, 5]);
    expect(wide.data[0]).toBe(0.5);
  });
});
