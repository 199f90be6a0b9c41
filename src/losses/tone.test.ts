import { describe, expect, it } from 'vitest';
import { evaluate, scalarOf } from '../nn/testing/evaluate.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { constant } from '../tensor/operators/constant.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { pattern, shiftedPattern } from '../testing/pattern.ts';
import { gradientError } from './testing/gradient-error.ts';
import { type ToneOptions, toneLoss } from './tone.ts';

const side = 32;
const shape = [1, 3, side, side] as const;
/** An image from a function of column and row, in equal channels. */
const image = (value: (column: number, row: number) => number) =>
  hostTensor(
    shape,
    Float32Array.from({ length: 3 * side * side }, (_, i) =>
      value(i % side, Math.floor(i / side) % side),
    ),
  );
const loss = async (x: HostTensor, y: HostTensor, options: Partial<ToneOptions> = {}) =>
  scalarOf(
    await evaluate(
      (a: Tensor, b: Tensor) => toneLoss(a, b, { norm: 'l1', reduction: 'mean', ...options }),
      x,
      y,
    ),
  );

describe('tone', () => {
  const flat = image(() => 0);

  it('does not see a checkerboard of pixels', async () => {
    const checkerboard = image((column, row) => ((column + row) % 2 === 0 ? 0.5 : -0.5));
    expect(await loss(flat, checkerboard)).toBeCloseTo(0, 6);
  });

  it('sees a change of a region in full', async () => {
    const half = image((column) => (column < side / 2 ? 0.4 : 0));
    expect(await loss(flat, half)).toBeCloseTo(0.2, 6);
    expect(await loss(flat, half, { norm: 'l2' })).toBeCloseTo(0.08, 6);
    expect(await loss(flat, half, { reduction: 'sum' })).toBeCloseTo(0.2 * 16 * 16, 3);
  });

  it('weighs pixels before it averages, so that a free part does not outweigh a held one', async () => {
    const x = hostTensor(shape);
    const opposed = image((column) => (column % 2 === 0 ? 0.4 : -0.4));
    const weights = hostTensor(
      [1, 1, side, side],
      Float32Array.from({ length: side * side }, (_, i) => (i % 2 === 0 ? 1 : 0)),
    );
    const value = await evaluate(
      (a: Tensor, b: Tensor, w: Tensor) =>
        toneLoss(a, b, { norm: 'l1', reduction: 'mean', weights: w }),
      x,
      opposed,
      weights,
    );
    expect(scalarOf(value)).toBeCloseTo(0.2, 6);
  });

  it('has the gradient of finite differences', async () => {
    const x = constant(pattern([1, 1, 32, 33], 1).data, [1, 1, 32, 33]);
    const f = (y: Tensor) => toneLoss(x, y, { norm: 'l2', reduction: 'sum' });
    expect(await gradientError(f, shiftedPattern([1, 1, 32, 33], 2))).toBeLessThan(5e-3);
  });

  it('refuses images of different shapes', async () => {
    await expect(loss(flat, hostTensor([1, 3, 16, 16]))).rejects.toThrow('toneLoss');
  });
});
