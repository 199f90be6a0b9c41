import { describe, expect, it } from 'vitest';
import { compile } from '../tensor/compile.ts';
import { type HostTensor, hostTensor, spec } from '../tensor/host-tensor.ts';
import { add, multiply } from '../tensor/operators/elementwise.ts';
import { sum } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { host } from '../testing/evaluate.ts';
import { loadProgram, type Program } from './program.ts';

/** A step of a sum: the state grows by rate times batch. */
const step = (state: { total: Tensor }, batch: Tensor) => {
  const total = add(state.total, multiply(batch, 2));
  return { state: { total }, mean: multiply(sum(total), 0.5) };
};
const compiled = compile(step, [{ total: spec([2]) }, spec([2])], {
  inputNames: ['state', 'batch'],
});

async function withProgram(use: (program: Program) => Promise<void>): Promise<void> {
  const program = await loadProgram(compiled, { threads: 1 });
  try {
    await use(program);
  } finally {
    await program.dispose();
  }
}

interface StepResult {
  readonly [name: string]: HostTensor | { readonly [name: string]: HostTensor };
  readonly state: { readonly total: HostTensor };
  readonly mean: HostTensor;
}

describe('run', () => {
  it('gives new values each time and leaves the arguments as they are', () =>
    withProgram(async (program) => {
      const state = { total: host([1, 2]) };
      const batch = host([10, 20]);
      const first = (await program.run(state, batch)) as StepResult;
      const second = (await program.run(first.state, batch)) as StepResult;
      expect([...first.state.total.data]).toEqual([21, 42]);
      expect([...second.state.total.data]).toEqual([41, 82]);
      expect([...second.mean.data]).toEqual([61.5]);
      expect([...state.total.data]).toEqual([1, 2]);
    }));

  it('refuses another shape, by the name of the input', () =>
    withProgram(async (program) => {
      await expect(program.run({ total: host([1, 2, 3]) }, host([1, 2]))).rejects.toThrow(
        'state.total: Expected a tensor [2], got [3].',
      );
    }));

  it('refuses missing and additional tensors', () =>
    withProgram(async (program) => {
      const total = host([1, 2]);
      await expect(program.run({ total })).rejects.toThrow(
        'batch: Expected a tensor [2], got undefined.',
      );
      await expect(program.run({ total, other: total }, total)).rejects.toThrow(
        'Expected 1 tensors, got 2.',
      );
    }));

  it('takes the branches of a tree in any order', async () => {
    const difference = compile(
      (x: { a: Tensor; b: Tensor }) => add(x.a, multiply(x.b, -1)),
      [{ a: spec([1]), b: spec([1]) }],
    );
    const program = await loadProgram(difference, { threads: 1 });
    const [a, b] = [host([5]), host([3])];
    expect(await program.run({ b, a })).toEqual(await program.run({ a, b }));
    expect(await program.run({ b, a })).toEqual(host([2]));
    await program.dispose();
  });
});

describe('runInto', () => {
  it('writes into the given memory', () =>
    withProgram(async (program) => {
      const results = program.allocateResults() as StepResult;
      const { total } = results.state;
      const memory = total.data;
      await program.runInto(results, { total: host([1, 2]) }, host([10, 20]));
      expect(results.state.total).toBe(total);
      expect(total.data).toBe(memory);
      expect([...memory]).toEqual([21, 42]);
      expect([...results.mean.data]).toEqual([31.5]);
    }));

  it('lets two states take turns', () =>
    withProgram(async (program) => {
      const states = [program.allocateResults(), program.allocateResults()] as StepResult[];
      const batch = host([1, 0]);
      for (let i = 0; i < 6; i++) {
        await program.runInto(states[(i + 1) % 2], states[i % 2].state, batch);
      }
      expect([...states[0].state.total.data]).toEqual([12, 0]);
      expect([...states[1].state.total.data]).toEqual([10, 0]);
    }));

  it('writes into a part of a larger buffer and nowhere else', () =>
    withProgram(async (program) => {
      const buffer = new Float32Array(6).fill(-1);
      const results = {
        state: { total: hostTensor([2], buffer.subarray(2, 4)) },
        mean: hostTensor([]),
      };
      await program.runInto(results, { total: host([1, 2]) }, host([10, 20]));
      expect([...buffer]).toEqual([-1, -1, 21, 42, -1, -1]);
    }));

  it('refuses results of another shape', () =>
    withProgram(async (program) => {
      const results = { state: { total: host([0]) }, mean: hostTensor([]) };
      await expect(program.runInto(results, { total: host([1, 2]) }, host([1, 2]))).rejects.toThrow(
        'result.state.total: Expected a tensor [2], got [1].',
      );
    }));
});

it('cannot run after it is disposed', async () => {
  const program = await loadProgram(compiled, { threads: 1 });
  await program.dispose();
  await expect(program.run({ total: host([1, 2]) }, host([1, 2]))).rejects.toThrow();
});
