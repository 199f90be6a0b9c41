import { flattenTree, mapTree, type Tree } from '../base/tree.ts';
import type { CompiledFunction } from '../tensor/compile.ts';
import { HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { formatShape, sameShape } from '../tensor/tensor.ts';
import { createSession, type SessionOptions, type Values } from './session.ts';

/** A compiled function that takes and gives trees of values. */
export interface Program {
  /** Runs the program; the results are new. */
  run(...args: readonly Tree<HostTensor>[]): Promise<Tree<HostTensor>>;
  /** Runs the program and writes the results into existing values, which are no arguments. */
  runInto(results: Tree<HostTensor>, ...args: readonly Tree<HostTensor>[]): Promise<void>;
  /** New values with the shapes of the results, to run into. */
  allocateResults(): Tree<HostTensor>;
  dispose(): Promise<void>;
}

/** Prepares a compiled function to run on a device. */
export async function loadProgram(
  compiled: CompiledFunction,
  options: SessionOptions = {},
): Promise<Program> {
  const session = await createSession(compiled.model, options);
  const shapes = new Map(compiled.outputs.map(({ name, shape }) => [name, shape]));
  const allocateResults = () =>
    mapTree<string, HostTensor>(compiled.resultNames, (name) => hostTensor(shapes.get(name)!));
  const runInto = async (results: Tree<HostTensor>, ...args: readonly Tree<HostTensor>[]) => {
    const outputs = valuesByName(compiled.outputs, [results]);
    await session.run(valuesByName(compiled.inputs, args), outputs);
  };
  return {
    run: async (...args) => {
      const results = allocateResults();
      await runInto(results, ...args);
      return results;
    },
    runInto,
    allocateResults,
    dispose: () => session.dispose(),
  };
}

/** The leaves of the trees under the names of the ports, whose order they share. */
function valuesByName(
  ports: CompiledFunction['inputs'],
  trees: readonly Tree<HostTensor>[],
): Values {
  const leaves = trees.flatMap((tree) => flattenTree<HostTensor>(tree));
  if (leaves.length !== ports.length) {
    throw new Error(`Expected ${ports.length} tensors, got ${leaves.length}.`);
  }
  return Object.fromEntries(
    ports.map(({ name, shape }, i) => {
      const { leaf } = leaves[i];
      if (!(leaf instanceof HostTensor) || !sameShape(leaf.shape, shape)) {
        const got = leaf instanceof HostTensor ? formatShape(leaf.shape) : typeof leaf;
        throw new Error(`${name}: Expected a tensor ${formatShape(shape)}, got ${got}.`);
      }
      return [name, leaf];
    }),
  );
}
