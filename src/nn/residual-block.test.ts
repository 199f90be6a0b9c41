import { describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as linear from './linear.ts';
import * as maxPool2d from './max-pool2d.ts';
import { parameterCount } from './parameter-count.ts';
import * as residualBlock from './residual-block.ts';
import { evaluate, ramp, values } from './testing/evaluate.ts';

const applyBlock = (p: residualBlock.ResidualBlockParameters<Tensor>, x: Tensor) =>
  residualBlock.apply(p, x);

describe('residual block', () => {
  it('adds before the last ReLU', async () => {
    const parameters = {
      first: { weight: values([1, 1, 1, 1], 2), bias: values([1], -1) },
      second: { weight: values([1, 1, 1, 1], -1), bias: values([1], 0.5) },
    };
    const x = values([1, 1, 1, 4], -3, 0.25, 1, 3);
    const y = await evaluate(applyBlock, parameters, x);
    // relu(x + 0.5 − relu(2x − 1)): −2.5, 0.75, 0.5, −1.5 before the ReLU.
    expect([...y.data]).toEqual([0, 0.75, 0.5, 0]);
  });

  it('has two convolutions of equal width', () => {
    const parameters = residualBlock.init(randomKey(3), { channels: 64, kernel: 3 });
    expect(parameterCount(parameters)).toBe(2 * (64 * 64 * 9 + 64));
    expect(parameters.first.weight.data).not.toEqual(parameters.second.weight.data);
  });
});

describe('max-pool layer', () => {
  it('keeps the size at stride 1, and the padding never wins', async () => {
    const y = await evaluate(
      (x: Tensor) => maxPool2d.apply(x, { kernel: 3, stride: 1 }),
      ramp([1, 1, 2, 3], -6),
    );
    expect([...y.data]).toEqual([-2, -1, -1, -2, -1, -1]);
  });

  it('gives ceil(size / stride)', async () => {
    const pool = (x: Tensor) => maxPool2d.apply(x, { kernel: 3, stride: 2 });
    expect((await evaluate(pool, ramp([1, 2, 5, 8]))).shape).toEqual([1, 2, 3, 4]);
  });
});

describe('linear layer', () => {
  it('multiplies and adds', async () => {
    const parameters = { weight: values([2, 2], 1, 2, 3, 4), bias: values([2], 10, 20) };
    const y = await evaluate(linear.apply, parameters, values([1, 2], 1, -1));
    expect([...y.data]).toEqual([8, 18]);
    const fresh = linear.init(randomKey(1), { inputs: 3, outputs: 4 });
    expect(parameterCount(fresh)).toBe(16);
  });
});
