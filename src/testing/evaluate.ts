import type { Tree } from '../base/tree.ts';
import { loadProgram } from '../runtime/program.ts';
import { compile } from '../tensor/compile.ts';
import { type HostTensor, hostTensor, specsOf, type TensorSpec } from '../tensor/host-tensor.ts';
import type { Shape, Tensor } from '../tensor/tensor.ts';

/** A traced function of a list of tensors. */
export type ListFunction = (inputs: readonly Tensor[]) => Tree<Tensor>;

/** A function of lists of tensors that can be called on values many times. */
export interface HostFunction {
  call(inputs: readonly HostTensor[]): Promise<Tree<HostTensor>>;
  dispose(): Promise<void>;
}

/** Compiles a traced function of a list of tensors for shapes and loads it on one thread. */
export async function prepare(
  fn: ListFunction,
  shapes: readonly HostTensor[],
): Promise<HostFunction> {
  const specs = specsOf(shapes) as readonly TensorSpec[];
  const compiled = compile(fn, [specs]);
  const program = await loadProgram(compiled, { threads: 1 });
  return { call: (inputs) => program.run(inputs), dispose: () => program.dispose() };
}

/** The result of a traced function for values. */
export async function evaluate(
  fn: ListFunction,
  inputs: readonly HostTensor[],
): Promise<Tree<HostTensor>> {
  const prepared = await prepare(fn, inputs);
  try {
    return await prepared.call(inputs);
  } finally {
    await prepared.dispose();
  }
}

/** The result of a traced function that gives one tensor. */
export async function evaluateOne(
  fn: (inputs: readonly Tensor[]) => Tensor,
  inputs: readonly HostTensor[],
): Promise<HostTensor> {
  return (await evaluate(fn, inputs)) as HostTensor;
}

/** A host tensor of listed values; of rank 1 where no shape is given. */
export function host(values: readonly number[], shape: Shape = [values.length]): HostTensor {
  return hostTensor(shape, Float32Array.from(values));
}
