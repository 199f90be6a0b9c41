import onnxProto from 'onnx-proto';
import { expect, it } from 'vitest';
import { evaluateOne, host } from '../../testing/evaluate.ts';
import { compile } from '../compile.ts';
import { gradients } from '../gradient.ts';
import { spec } from '../host-tensor.ts';
import { maxPool2d } from '../operators/pooling.ts';
import { sum } from '../operators/reduce.ts';
import type { Tensor } from '../tensor.ts';

const pool = (x: Tensor) => maxPool2d(x, { kernel: 2, stride: 1 });

/** Outputs of the max pools of a compiled function. */
function poolOutputs(fn: (x: Tensor) => Tensor): number[] {
  const { model } = compile(fn, [spec([1, 1, 3, 3])]);
  const nodes = onnxProto.onnx.ModelProto.decode(model).graph?.node ?? [];
  return nodes.flatMap(({ opType, output }) => (opType === 'MaxPool' ? [output?.length ?? 0] : []));
}

it('drops the indices of a pool that nothing flows back through', async () => {
  expect(poolOutputs(pool)).toEqual([1]);
  const x = host([1, 5, 2, 0, 3, 4, 7, 6, 8], [1, 1, 3, 3]);
  expect([...(await evaluateOne(([x]) => pool(x), [x])).data]).toEqual([5, 5, 7, 8]);
});

it('keeps the indices that a gradient needs', () => {
  expect(poolOutputs((x) => gradients(sum(pool(x)), [x])[0])).toEqual([2]);
});
