import { flattenTree, mapTree, type Tree } from '../base/tree.ts';
import { topologicalOrder } from './graph.ts';
import type { TensorSpec } from './host-tensor.ts';
import { OnnxBuilder, type OnnxValue } from './onnx-builder.ts';
import { inputOperator, tracedInput } from './operators/input.ts';
import { blockChannels } from './passes/block-channels.ts';
import { dropPoolIndices } from './passes/drop-pool-indices.ts';
import { lowerInputGradient, lowerWeightGradient } from './passes/lower-convolution.ts';
import { isNode, rewrite } from './passes/rewrite.ts';
import { simplifications } from './passes/simplify.ts';
import type { Shape, Tensor } from './tensor.ts';

/** The name and shape of an input or output, in the order of the leaves of its tree. */
export interface Port {
  readonly name: string;
  readonly shape: Shape;
}

/** A function as an ONNX model, with what is needed to pass trees in and out. */
export interface CompiledFunction<Result = unknown> {
  /** The serialized model, opset 17, IR 8; default operator domain unless channels are blocked. */
  readonly model: Uint8Array;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Each argument's tree with the name of its input at every leaf. */
  readonly argumentNames: readonly Tree<string>[];
  /** The result's tree with the name of its output at every leaf. */
  readonly resultNames: Tree<string>;
  readonly nodeCount: number;
  /** Never set: carries the type of the result. */
  readonly resultType?: Result;
}

export interface CompileOptions {
  /** Prefixes of the inputs' names, one an argument; default `arg0`, `arg1`, … */
  readonly inputNames?: readonly string[];
  /** Prefix of the outputs' names; default `result`. */
  readonly outputName?: string;
  /** Names for sizes that the program does not depend on, by the full name of input or output. */
  readonly symbolicShapes?: Readonly<Record<string, readonly (number | string)[]>>;
  /**
   * Channels a block where the program is to use the blocked convolutions of ONNX Runtime's CPU
   * back end (see `channelBlock` in the runtime); left out, the model has default operators only.
   */
  readonly channelBlock?: number | undefined;
  /** Key-value pairs stored in the model. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** ONNX opset of every model: the lowest that has all operators (`ScatterElements` with `add`). */
export const opset = 17;

/**
 * Traces a function of trees of tensors once, for the shapes of `specs`, and translates the graph
 * to an ONNX model: gradients are already in it, dead code is not, what is computed twice is
 * computed once.
 *
 * @throws {ShapeError} from any operator whose inputs do not fit.
 */
export function compile<Args extends readonly Tree<Tensor>[], Result extends Tree<Tensor>>(
  fn: (...args: Args) => Result,
  specs: { readonly [I in keyof Args]: Tree<TensorSpec> },
  options: CompileOptions = {},
): CompiledFunction<Result> {
  const { inputNames = [], outputName = 'result' } = options;
  const nameOf = (prefix: string, path: string) => (path === '' ? prefix : `${prefix}.${path}`);
  const placeholders = specs.map((tree, i) =>
    mapTree<TensorSpec, Tensor>(tree, ({ shape }, path) =>
      tracedInput(nameOf(inputNames[i] ?? `arg${i}`, path), shape),
    ),
  );
  const result = fn(...(placeholders as unknown as Args));
  const leaves = flattenTree<Tensor>(result);
  const optimized = optimize(
    leaves.map(({ leaf }) => leaf),
    options.channelBlock,
  );
  const inputs = placeholders
    .flatMap((tree) => flattenTree<Tensor>(tree))
    .map(({ leaf }) => port(leaf));
  const outputs = leaves.map(({ name, leaf }) => ({
    name: nameOf(outputName, name),
    shape: leaf.shape,
  }));
  return {
    ...emit(inputs, outputs, optimized, options),
    inputs,
    outputs,
    argumentNames: placeholders.map((tree) =>
      mapTree<Tensor, string>(tree, (leaf) => port(leaf).name),
    ),
    resultNames: mapTree<Tensor, string>(result, (_, path) => nameOf(outputName, path)),
  };
}

function port(input: Tensor): Port {
  const { name } = input.node.attributes as { name: string };
  return { name, shape: input.shape };
}

/** Simplifies, lowers what ONNX has no operator for, and simplifies what that left. */
function optimize(outputs: readonly Tensor[], channelBlock: number | undefined): Tensor[] {
  const simple = rewrite(rewrite(outputs, simplifications), simplifications);
  const forward = rewrite(simple, [lowerInputGradient]);
  const blocked = channelBlock === undefined ? forward : blockChannels(forward, channelBlock);
  const lowered = rewrite(blocked, [lowerWeightGradient]);
  return dropPoolIndices(rewrite(rewrite(lowered, simplifications), simplifications));
}

function emit(
  inputs: readonly Port[],
  outputs: readonly Port[],
  tensors: readonly Tensor[],
  { symbolicShapes = {}, metadata }: CompileOptions,
) {
  const builder = new OnnxBuilder();
  const names = new Map<Tensor, string>();
  for (const node of topologicalOrder(tensors)) {
    const inputNames = node.inputs.map((input) => names.get(input)!);
    const emitted = isNode(node, inputOperator)
      ? [node.attributes.name]
      : node.operator.emit(builder, inputNames, node);
    for (const [i, output] of node.outputs.entries()) names.set(output, emitted[i]);
  }
  for (const [i, { name }] of outputs.entries()) builder.output(names.get(tensors[i])!, name);
  const value = ({ name, shape }: Port): OnnxValue => ({
    name,
    shape: symbolicShapes[name] ?? shape,
    dtype: 'float32',
  });
  const model = builder.finish(inputs.map(value), outputs.map(value), {
    opset,
    ...(metadata && { metadata }),
  });
  return { model, nodeCount: builder.nodeCount };
}
