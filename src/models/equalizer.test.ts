import { describe, expect, it } from 'vitest';
import { normal, randomKey } from '../base/random.ts';
import type { Tree } from '../base/tree.ts';
import { loadProgram } from '../runtime/program.ts';
import { compile } from '../tensor/compile.ts';
import { valueAndGrad } from '../tensor/gradient.ts';
import { type HostTensor, hostTensor, spec, specsOf } from '../tensor/host-tensor.ts';
import { multiply, subtract } from '../tensor/operators/elementwise.ts';
import { sum } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type EqualizedParameters, equalized } from './equalizer.ts';
import { pixelShuffleRefiner } from './pixel-shuffle-refiner.ts';

const channels = 3;
const side = 5;
const shape = [2, channels, 12, 16];
const plain = pixelShuffleRefiner({ channels, features: 16, blocks: 1 });
const refiner = equalized(plain, { channels, side });
const images = hostTensor(shape, Float32Array.from(normal(randomKey(1), 2 * channels * 12 * 16)));
const fresh = refiner.init(randomKey(2)) as EqualizedParameters<HostTensor>;
const kernel = hostTensor(
  fresh.kernel.shape,
  Float32Array.from(normal(randomKey(3), 9 * side * side)),
);

async function run(
  fn: (parameters: Tree<Tensor>, images: Tensor) => Tree<Tensor>,
  parameters: Tree<HostTensor>,
) {
  const program = await loadProgram(compile(fn as never, [specsOf(parameters), spec(shape)]));
  const result = await program.run(parameters, images);
  await program.dispose();
  return result;
}

const apply = (parameters: Tree<Tensor>, x: Tensor) => refiner.apply(parameters, x);
const reference = (parameters: Tree<Tensor>, x: Tensor) => refiner.reference!(parameters, x);

/** The images under the kernel, mirrored beyond the border. */
function expected(): Float32Array {
  const [, , height, width] = shape;
  const mirrored = (at: number, size: number) =>
    at < 0 ? -at : at >= size ? 2 * size - 2 - at : at;
  const result = new Float32Array(images.data.length);
  for (let i = 0; i < result.length; i++) {
    const [n, c] = [
      Math.floor(i / (channels * height * width)),
      Math.floor(i / (height * width)) % channels,
    ];
    const [y, x] = [Math.floor(i / width) % height, i % width];
    let total = 0;
    for (let from = 0; from < channels; from++) {
      for (let dy = 0; dy < side; dy++) {
        for (let dx = 0; dx < side; dx++) {
          const row = mirrored(y + dy - 2, height);
          const column = mirrored(x + dx - 2, width);
          total +=
            kernel.data[((c * channels + from) * side + dy) * side + dx] *
            images.data[((n * channels + from) * height + row) * width + column];
        }
      }
    }
    result[i] = total;
  }
  return result;
}

describe('a refiner behind a filter', () => {
  it('is the identity at first, exactly', async () => {
    const refined = (await run(apply, { ...fresh })) as HostTensor;
    expect(refined.data).toEqual(images.data);
    expect(refiner.multipleOf).toBe(plain.multipleOf);
  });

  it('filters with a mirrored border, and compares with what the filter gives', async () => {
    const parameters = { ...fresh, kernel };
    const filtered = (await run(reference, parameters)) as HostTensor;
    const values = expected();
    for (const [i, value] of filtered.data.entries()) expect(value).toBeCloseTo(values[i], 4);
    // The refiner behind it changes nothing yet.
    const refined = (await run(apply, parameters)) as HostTensor;
    expect(refined.data).toEqual(filtered.data);
  });

  it('passes no gradient on to the kernel, and all of it to the refiner', async () => {
    const loss = (parameters: Tree<Tensor>, x: Tensor) => {
      const change = subtract(apply(parameters, x), x);
      return sum(multiply(change, change));
    };
    const gradient = (parameters: Tree<Tensor>, x: Tensor) =>
      valueAndGrad<Tree<Tensor>, Tree<Tensor>>((p) => [loss(p, x), {}])(parameters).gradient;
    const result = (await run(gradient, {
      ...fresh,
      kernel,
    })) as unknown as EqualizedParameters<HostTensor>;
    expect(result.kernel.data.every((value) => value === 0)).toBe(true);
    const { output } = result.refiner as { output: { weight: HostTensor } };
    expect(output.weight.data.some((value) => value !== 0)).toBe(true);
  });
});
