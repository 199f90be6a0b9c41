import { expect, it } from 'vitest';
import { compile } from '../tensor/compile.ts';
import { gradients } from '../tensor/gradient.ts';
import { type HostTensor, hostTensor, spec } from '../tensor/host-tensor.ts';
import { conv2d } from '../tensor/operators/convolution.ts';
import { multiply, relu, square, subtract } from '../tensor/operators/elementwise.ts';
import { mean } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { medianSlope, residentMemory } from '../testing/resident-memory.ts';
import { loadProgram } from './program.ts';

const runs = 2000;
const settled = 500;
const every = 25;

/** A gradient step on 256 KiB of images, weights and an image-sized state. */
function step(weights: Tensor, images: Tensor) {
  const output = relu(conv2d(images, weights, { padding: 1 }));
  const [gradient] = gradients(mean(square(subtract(output, images))), [weights]);
  return { weights: subtract(weights, multiply(gradient, 0.01)), output };
}

it('measures slopes that outliers do not move', () => {
  const line = Array.from({ length: 20 }, (_, i) => [i, i === 7 ? 1e6 : 3 * i] as const);
  expect(medianSlope(line)).toBe(3);
});

/**
 * Bytes a run. A forgotten image is 256 KiB; the allocators' ups and downs reach 1 MiB over the
 * 1,500 runs, a sixth of what this allows.
 */
const largestSlope = 4096;

it(`leaves the resident memory flat over ${runs} runs`, async () => {
  const compiled = compile(step, [spec([4, 4, 3, 3]), spec([4, 4, 64, 64])]);
  const program = await loadProgram(compiled, { threads: 1 });
  const images = hostTensor([4, 4, 64, 64]);
  images.data.fill(0.5);
  const states = [program.allocateResults(), program.allocateResults()] as {
    readonly [name: string]: HostTensor;
  }[];
  states[0].weights.data.fill(0.01);
  const points: [number, number][] = [];
  for (let run = 1; run <= runs; run++) {
    await program.runInto(states[run % 2], states[(run + 1) % 2].weights, images);
    if (run > settled && run % every === 0) points.push([run, residentMemory()]);
  }
  await program.dispose();
  expect(medianSlope(points)).toBeLessThan(largestSlope);
});
