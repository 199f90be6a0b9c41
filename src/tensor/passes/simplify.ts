import {
  constant,
  constantValues,
  scalarValue,
  stopGradientOperator,
} from '../operators/constant.ts';
import {
  addOperator,
  divideOperator,
  multiply,
  multiplyOperator,
  subtractOperator,
} from '../operators/elementwise.ts';
import {
  broadcastOperator,
  reshape,
  reshapeOperator,
  transposeOperator,
} from '../operators/reshape.ts';
import { applyAll, broadcastShape, sameShape, sizeOf, type Tensor } from '../tensor.ts';
import { isNode, type Rule } from './rewrite.ts';

/** Larger constants than this are computed when the program runs, so that models stay small. */
const largestFolded = 4096;

/** Elementwise operators on constants, and constants under another shape, become constants. */
export const foldConstants: Rule = (node, inputs) => {
  const values = inputs.map(constantValues);
  if (inputs.length === 0 || values.some((v) => v === undefined)) return undefined;
  const [output] = node.outputs;
  if (isNode(node, reshapeOperator)) return [constant(values[0]!, node.attributes.shape)];
  if (isNode(node, transposeOperator)) {
    return [
      constant(transposed(values[0]!, inputs[0].shape, node.attributes.permutation), output.shape),
    ];
  }
  const { fold } = node.operator;
  if (fold === undefined || sizeOf(output.shape) > largestFolded) return undefined;
  const readers = inputs.map((input) => broadcastReader(input, output.shape));
  const data = Float32Array.from({ length: sizeOf(output.shape) }, (_, i) =>
    fold(...readers.map((read) => read(i))),
  );
  return [constant(data, output.shape)];
};

/** Strides of a shape, 0 along axes of size 1 so that they repeat. */
function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = new Array(shape.length).fill(0);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = shape[axis] === 1 ? 0 : step;
    step *= shape[axis];
  }
  return strides;
}

function broadcastReader(input: Tensor, shape: readonly number[]): (flat: number) => number {
  const data = constantValues(input)!;
  const strides = stridesOf(input.shape);
  const lead = shape.length - input.shape.length;
  return (flat) => {
    let rest = flat;
    let at = 0;
    for (let axis = shape.length - 1; axis >= lead; axis--) {
      at += (rest % shape[axis]) * strides[axis - lead];
      rest = Math.floor(rest / shape[axis]);
    }
    return data[at];
  };
}

function transposed(
  data: Float32Array,
  shape: readonly number[],
  permutation: readonly number[],
): Float32Array {
  const strides = stridesOf(shape);
  const target = permutation.map((axis) => shape[axis]);
  return Float32Array.from(data, (_, flat) => {
    let rest = flat;
    let at = 0;
    for (let axis = target.length - 1; axis >= 0; axis--) {
      at += (rest % target[axis]) * strides[permutation[axis]];
      rest = Math.floor(rest / target[axis]);
    }
    return data[at];
  });
}

/** x · 1, x + 0, x − 0 and x / 1 are x; x · 0 stays, since it keeps NaN and the sign. */
export const dropNeutral: Rule = (node, inputs) => {
  const [a, b] = inputs;
  const [output] = node.outputs;
  const isNeutral = (side: Tensor | undefined, value: number) =>
    side !== undefined && scalarValue(side) === value;
  const keeps = (side: Tensor) => sameShape(side.shape, output.shape);
  if (isNode(node, multiplyOperator) || isNode(node, addOperator)) {
    const neutral = isNode(node, multiplyOperator) ? 1 : 0;
    if (isNeutral(b, neutral) && keeps(a)) return [a];
    if (isNeutral(a, neutral) && keeps(b)) return [b];
  }
  if (isNode(node, subtractOperator) && isNeutral(b, 0) && keeps(a)) return [a];
  if (isNode(node, divideOperator) && isNeutral(b, 1) && keeps(a)) return [a];
  return undefined;
};

/** (x · c) · d is x · (c · d) for constants with one element: one pass over memory less. */
export const mergeScales: Rule = (node, inputs) => {
  if (!isNode(node, multiplyOperator)) return undefined;
  const outer = splitScale(inputs);
  if (outer === undefined || !isNode(outer.rest.node, multiplyOperator)) return undefined;
  const inner = splitScale(outer.rest.node.inputs);
  if (inner === undefined || !sameShape(inner.rest.shape, node.outputs[0].shape)) return undefined;
  return [multiply(inner.rest, inner.scale * outer.scale)];
};

function splitScale([a, b]: readonly Tensor[]) {
  const right = scalarValue(b);
  if (right !== undefined) return { rest: a, scale: right };
  const left = scalarValue(a);
  return left === undefined ? undefined : { rest: b, scale: left };
}

/** Elementwise operators broadcast by themselves: an input need not be repeated first. */
export const dropBroadcasts: Rule = (node, inputs) => {
  if (node.operator.elementwise !== true) return undefined;
  const [output] = node.outputs;
  for (const [i, input] of inputs.entries()) {
    if (!isNode(input.node, broadcastOperator)) continue;
    const narrow = inputs.with(i, input.node.inputs[0]);
    const shape = broadcastShape(node.operator.name, narrow);
    if (sameShape(shape, output.shape)) {
      return dropBroadcasts(node, narrow) ?? applyAll(node.operator, narrow, node.attributes);
    }
  }
  return undefined;
};

/** A reshape of a reshape needs one; one to the same shape none. */
export const mergeReshapes: Rule = (node, [x]) => {
  if (!isNode(node, reshapeOperator)) return undefined;
  const { shape } = node.attributes;
  if (sameShape(x.shape, shape)) return [x];
  return isNode(x.node, reshapeOperator) ? [reshape(x.node.inputs[0], shape)] : undefined;
};

/** Once gradients are built, a barrier to them computes nothing. */
export const dropStopGradients: Rule = (node, [x]) =>
  isNode(node, stopGradientOperator) ? [x] : undefined;

export const simplifications: readonly Rule[] = [
  dropStopGradients,
  foldConstants,
  dropNeutral,
  mergeScales,
  dropBroadcasts,
  mergeReshapes,
];
