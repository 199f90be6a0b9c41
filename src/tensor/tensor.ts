import type { OnnxBuilder } from './onnx-builder.ts';

/** Sizes of the axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];
export type DType = 'float32' | 'int64' | 'bool';

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

export type AttributeValue = number | string | boolean | readonly number[] | Float32Array;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** What an operator's gradient rule is given. */
export interface GradientContext<A extends Attributes = Attributes> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: A;
  /** The gradient of the loss with respect to the first output. */
  readonly outputGradient: Tensor;
  /** Whether the gradient with respect to input *i* is asked for. */
  needs(input: number): boolean;
}

/**
 * A primitive of the traced graph: how its output shapes follow from its inputs, how its gradient
 * is built from other differentiable operators, and which ONNX nodes compute it.
 */
export interface Operator<A extends Attributes = Attributes> {
  readonly name: string;
  infer(inputs: readonly TensorType[], attributes: A): readonly TensorType[];
  /** One gradient an input (undefined where there is none); left out where nothing flows back. */
  gradient?(context: GradientContext<A>): readonly (Tensor | undefined)[];
  /** Whether each output element depends on one element of each input, with broadcasting. */
  readonly elementwise?: boolean;
  /** The value of one output element from input elements: lets constants be folded. */
  fold?(...values: readonly number[]): number;
  emit(builder: OnnxBuilder, inputs: readonly string[], node: Node): readonly string[];
}

/** One application of an operator. */
export interface Node {
  readonly id: number;
  readonly operator: Operator;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly outputs: readonly Tensor[];
}

/** A symbolic value of a traced function: an output of a node, with a shape known while tracing. */
export class Tensor implements TensorType {
  readonly node: Node;
  readonly index: number;
  readonly shape: Shape;
  readonly dtype: DType;

  constructor(node: Node, index: number, type: TensorType) {
    this.node = node;
    this.index = index;
    this.shape = type.shape;
    this.dtype = type.dtype;
  }
}

let nextId = 0;

/** Applies an operator; all outputs. */
export function applyAll<A extends Attributes>(
  operator: Operator<A>,
  inputs: readonly Tensor[],
  attributes: A,
): readonly Tensor[] {
  const types = operator.infer(inputs, attributes);
  const outputs: Tensor[] = [];
  const node: Node = {
    id: nextId++,
    operator: operator as unknown as Operator,
    inputs,
    attributes,
    outputs,
  };
  for (const [index, type] of types.entries()) outputs.push(new Tensor(node, index, type));
  return outputs;
}

/** Applies an operator; its first output. */
export function apply<A extends Attributes>(
  operator: Operator<A>,
  inputs: readonly Tensor[],
  attributes: A,
): Tensor {
  return applyAll(operator, inputs, attributes)[0];
}

/** Thrown while tracing, when shapes do not fit the operator. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';

  constructor(operator: string, inputs: readonly TensorType[], expected: string) {
    const got = inputs.map((input) => formatShape(input.shape)).join(' and ');
    super(`${operator}: Expected ${expected}, got ${got}.`);
  }
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/**
 * The shape of an elementwise result by the broadcasting rule of NumPy and ONNX.
 *
 * @throws {ShapeError} where two sizes differ and neither is 1.
 */
export function broadcastShape(operator: string, inputs: readonly TensorType[]): Shape {
  const rank = Math.max(...inputs.map((input) => input.shape.length));
  const result: number[] = new Array(rank).fill(1);
  for (const { shape } of inputs) {
    for (const [axis, size] of shape.entries()) {
      const at = rank - shape.length + axis;
      if (size === 1 || result[at] === size) continue;
      if (result[at] !== 1) throw new ShapeError(operator, inputs, 'shapes that broadcast');
      result[at] = size;
    }
  }
  return result;
}

/** Axes counted from the end where negative, sorted, each once. */
export function normalizeAxes(operator: string, input: TensorType, axes: Shape): Shape {
  const rank = input.shape.length;
  const normal = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  if (normal.some((axis) => !Number.isInteger(axis) || axis < 0 || axis >= rank)) {
    throw new ShapeError(operator, [input], `an input that has axes ${formatShape(axes)}`);
  }
  return [...new Set(normal)].sort((a, b) => a - b);
}
