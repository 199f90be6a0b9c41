import type { Tree } from '../../base/tree.ts';
import { loadProgram } from '../../runtime/program.ts';
import { compile } from '../../tensor/compile.ts';
import { type HostTensor, hostTensor, specsOf } from '../../tensor/host-tensor.ts';
import { type Shape, sizeOf, type Tensor } from '../../tensor/tensor.ts';

/** A tree of traced tensors with their values instead. */
export type OnHost<T> =
  Tree<Tensor> extends T
    ? Tree<HostTensor>
    : T extends Tensor
      ? HostTensor
      : { readonly [K in keyof T]: OnHost<T[K]> };

/** Compiles a traced function for these arguments, runs it once on the CPU and frees it. */
export async function evaluate<Args extends readonly Tree<Tensor>[], Result>(
  fn: (...args: Args) => Result,
  ...args: readonly Tree<HostTensor>[]
): Promise<OnHost<Result>> {
  const traced = fn as unknown as (...args: readonly Tree<Tensor>[]) => Tree<Tensor>;
  const program = await loadProgram(compile(traced, args.map(specsOf)), { threads: 1 });
  try {
    return (await program.run(...args)) as OnHost<Result>;
  } finally {
    await program.dispose();
  }
}

/** The only value of a scalar. */
export function scalarOf(tensor: HostTensor): number {
  if (tensor.data.length !== 1) throw new Error(`Expected a scalar, got [${tensor.shape}].`);
  return tensor.data[0];
}

/** A host tensor from literal values. */
export function values(shape: Shape, ...numbers: readonly number[]): HostTensor {
  return hostTensor(shape, Float32Array.from(numbers));
}

/** start, start + step, … in a shape. */
export function ramp(shape: Shape, start = 0, step = 1): HostTensor {
  return hostTensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => start + i * step),
  );
}
