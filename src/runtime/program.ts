import { flattenTree, mapTree, type NamedLeaf, type Tree } from '../base/tree.ts';
import type { CompiledFunction } from '../tensor/compile.ts';
import { HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { formatShape, type Shape, sameShape } from '../tensor/tensor.ts';
import { createBackgroundSession } from './background-session.ts';
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

export interface ProgramOptions extends SessionOptions {
  /** Runs on worker threads, one a core, which calls that overlap share; on the CPU only. */
  readonly background?: boolean;
}

/** Prepares a compiled function to run on a device. */
export async function loadProgram(
  compiled: CompiledFunction,
  { background = false, ...options }: ProgramOptions = {},
): Promise<Program> {
  const onCpu = (options.device ?? 'cpu') === 'cpu';
  const create = background && onCpu ? createBackgroundSession : createSession;
  const session = await create(compiled.model, options);
  const shapes = new Map(
    [...compiled.inputs, ...compiled.outputs].map(({ name, shape }) => [name, shape]),
  );
  const inputs = compiled.argumentNames.map((names) => flattenTree<string>(names));
  const outputs = flattenTree<string>(compiled.resultNames);
  const allocateResults = () =>
    mapTree<string, HostTensor>(compiled.resultNames, (name) => hostTensor(shapes.get(name)!));
  const runInto = async (results: Tree<HostTensor>, ...args: readonly Tree<HostTensor>[]) => {
    const feeds = inputs.map((names, i) => valuesByName(names, args[i], shapes));
    await session.run(Object.assign({}, ...feeds), valuesByName(outputs, results, shapes));
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

/** The leaves of a tree under the names of its ports; the order of its keys does not matter. */
function valuesByName(
  ports: readonly NamedLeaf<string>[],
  tree: Tree<HostTensor>,
  shapes: ReadonlyMap<string, Shape>,
): Values {
  const leaves = new Map(flattenTree<HostTensor>(tree).map(({ name, leaf }) => [name, leaf]));
  if (leaves.size !== ports.length) {
    throw new Error(`Expected ${ports.length} tensors, got ${leaves.size}.`);
  }
  return Object.fromEntries(
    ports.map(({ name: path, leaf: port }) => {
      const value = leaves.get(path);
      const shape = shapes.get(port)!;
      if (!(value instanceof HostTensor) || !sameShape(value.shape, shape)) {
        const got = value instanceof HostTensor ? formatShape(value.shape) : typeof value;
        throw new Error(`${port}: Expected a tensor ${formatShape(shape)}, got ${got}.`);
      }
      return [port, value];
    }),
  );
}
