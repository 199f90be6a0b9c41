import { describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as batchNorm from './batch-norm.ts';
import * as instanceNorm from './instance-norm.ts';
import { evaluate, values } from './testing/evaluate.ts';

type Norm = instanceNorm.InstanceNormParameters<Tensor>;

const parameters = { scale: values([1], 2), shift: values([1], 10) };
/** Two images of one channel: mean 2 and variance 1, mean 6 and variance 4. */
const images = values([2, 1, 1, 2], 1, 3, 4, 8);

describe('normalisation layers', () => {
  it('start as scale 1 and shift 0', () => {
    const { scale, shift } = instanceNorm.init(randomKey(1), { channels: 2 });
    expect([...scale.data, ...shift.data]).toEqual([1, 1, 0, 0]);
    expect(batchNorm.init(randomKey(1), { channels: 3 }).scale.shape).toEqual([3]);
  });

  it('normalise each image by itself', async () => {
    const y = await evaluate(
      (p: Norm, x: Tensor) => instanceNorm.apply(p, x, { epsilon: 0 }),
      parameters,
      images,
    );
    expect([...y.data]).toEqual([8, 12, 8, 12]);
  });

  it('normalise each channel over the batch', async () => {
    const y = await evaluate(
      (p: Norm, x: Tensor) => batchNorm.apply(p, x, { epsilon: 0 }),
      parameters,
      images,
    );
    const deviation = Math.sqrt((9 + 1 + 0 + 16) / 4);
    const expected = [1, 3, 4, 8].map((v) => 10 + (2 * (v - 4)) / deviation);
    for (const [i, value] of expected.entries()) expect(y.data[i]).toBeCloseTo(value, 5);
  });

  it('normalise by given statistics', async () => {
    const y = await evaluate(
      (p: Norm, x: Tensor, statistics: batchNorm.ChannelStatistics<Tensor>) =>
        batchNorm.apply(p, x, { epsilon: 0, statistics }),
      parameters,
      images,
      { mean: values([1], 1), variance: values([1], 4) },
    );
    expect([...y.data]).toEqual([10, 12, 13, 17]);
  });

  it('measure the statistics of a batch', async () => {
    const y = await evaluate((x: Tensor) => batchNorm.batchStatistics(x), images);
    expect([...y.mean.data, ...y.variance.data]).toEqual([4, 6.5]);
  });
});
