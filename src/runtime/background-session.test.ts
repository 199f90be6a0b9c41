import { expect, it } from 'vitest';
import { compile } from '../tensor/compile.ts';
import { hostTensor, spec } from '../tensor/host-tensor.ts';
import { multiply } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { host } from '../testing/evaluate.ts';
import { createBackgroundSession } from './background-session.ts';
import { loadProgram, type Program } from './program.ts';

const double = compile((x: Tensor) => multiply(x, 2), [spec([3])]);
const triple = compile((x: Tensor) => multiply(x, 3), [spec([3])]);
const load = (compiled: typeof double) => loadProgram(compiled, { threads: 1, background: true });
const times = (program: Program, value: number) => program.run(host([value, 0, -value]));

it('answers each of many overlapping calls of several programs with its own result', async () => {
  const [doubling, tripling] = await Promise.all([load(double), load(triple)]);
  const values = Array.from({ length: 40 }, (_, i) => i);
  const results = await Promise.all(
    values.map((value) => times(value % 2 === 0 ? doubling : tripling, value)),
  );
  expect(results).toEqual(
    values.map((value) => {
      const product = value * (2 + (value % 2));
      return host([product, 0, -product]);
    }),
  );
  await doubling.dispose();
  expect(await times(tripling, 1)).toEqual(host([3, 0, -3]));
  await tripling.dispose();
});

it('starts anew after the last one was disposed', async () => {
  const program = await load(double);
  await program.dispose();
  await expect(times(program, 1)).rejects.toThrow();
  const next = await load(triple);
  expect(await times(next, 1)).toEqual(host([3, 0, -3]));
  await next.dispose();
});

it('leaves the values of the caller alone and writes into given results', async () => {
  const program = await load(double);
  const memory = new Float32Array([9, 1, 2, 3, 9]);
  const result = program.allocateResults();
  await program.runInto(result, hostTensor([3], memory.subarray(1, 4)));
  expect([...memory]).toEqual([9, 1, 2, 3, 9]);
  expect(result).toEqual(host([2, 4, 6]));
  await program.dispose();
});

it('passes on what ONNX Runtime says of a model it cannot load', async () => {
  await expect(createBackgroundSession(new Uint8Array([1, 2, 3]), {})).rejects.toThrow('protobuf');
});
