import { describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { flattenTree, type Tree } from '../base/tree.ts';
import { parameterCount } from '../nn/parameter-count.ts';
import { evaluate, ramp, values } from '../nn/testing/evaluate.ts';
import { createSession } from '../runtime/session.ts';
import { compile } from '../tensor/compile.ts';
import { type HostTensor, spec, specsOf } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { refiners } from './refiners.ts';
import { type SimganRefinerParameters, simganRefiner } from './simgan-refiner.ts';
import { outputShape } from './testing/output-shape.ts';

const key = randomKey(1);

describe('SimGAN refiner', () => {
  it.each([
    ['simgan-eyes', 1, 296_129],
    ['simgan-eyes', 3, 297_411],
    ['simgan-hands', 1, 4_018_625],
  ] as const)('%s with %i channels has %i parameters, as published', (name, channels, count) => {
    expect(parameterCount(refiners[name]({ channels }).init(key))).toBe(count);
  });

  it('keeps the shape of the images', () => {
    expect(outputShape(refiners['simgan-eyes']({ channels: 3 }), [2, 3, 35, 55])).toEqual([
      2, 3, 35, 55,
    ]);
    expect(outputShape(refiners['simgan-hands']({ channels: 1 }), [1, 1, 17, 24])).toEqual([
      1, 1, 17, 24,
    ]);
  });

  const tiny = simganRefiner({ channels: 1, kernel: 1, blocks: 1, features: 1 });
  const layer = (weight: number, bias: number) => ({
    weight: values([1, 1, 1, 1], weight),
    bias: values([1], bias),
  });
  const applyTiny = (parameters: SimganRefinerParameters<Tensor>, images: Tensor) =>
    tiny.apply(parameters, images);

  it('is linear at both ends: no ReLU after the first layer, no tanh or ReLU after the last', async () => {
    const parameters = {
      stem: layer(-1, 0),
      blocks: [{ first: layer(0, 0), second: layer(0, 3) }],
      output: layer(-4, 0),
    };
    // −4 · relu(−1 + 3) with the negative value of the stem kept; a ReLU there would give −12.
    const y = await evaluate(applyTiny, parameters, values([1, 1, 1, 1], 1));
    expect([...y.data]).toEqual([-8]);
  });

  it('runs at any size and batch when compiled for one', async () => {
    const refiner = simganRefiner({ channels: 3, kernel: 3, blocks: 2, features: 4 });
    const parameters = refiner.init(key);
    const apply = (p: SimganRefinerParameters<Tensor>, x: Tensor) => refiner.apply(p, x);
    const symbolic = ['batch', 3, 'height', 'width'];
    const { model, inputs } = compile(
      apply as unknown as (...args: Tree<Tensor>[]) => Tensor,
      [specsOf(parameters), spec([1, 3, 8, 8])],
      { symbolicShapes: { arg1: symbolic, result: symbolic } },
    );
    const images = ramp([2, 3, 5, 11], -1, 0.01);
    const leaves = [...flattenTree<HostTensor>(parameters).map(({ leaf }) => leaf), images];
    const session = await createSession(model, { threads: 1 });
    const feeds = Object.fromEntries(inputs.map(({ name }, i) => [name, leaves[i]]));
    const { result } = await session.run(feeds);
    await session.dispose();
    const expected = await evaluate(apply, parameters, images);
    expect(result.shape).toEqual([2, 3, 5, 11]);
    for (const [i, value] of expected.data.entries()) expect(result.data[i]).toBeCloseTo(value, 5);
  });

  it('draws every layer from its own key, the same for the same key', () => {
    const { blocks } = refiners['simgan-eyes']({ channels: 1 }).init(key);
    const drawn = blocks.flatMap(({ first, second }) => [first.weight.data, second.weight.data]);
    expect(new Set(drawn.map((data) => data[0])).size).toBe(8);
    const again = refiners['simgan-eyes']({ channels: 1 }).init(key);
    expect(again.blocks[3].second.weight.data).toEqual(blocks[3].second.weight.data);
  });
});
