import {
  apply,
  formatShape,
  normalizeAxes,
  type Operator,
  type Shape,
  ShapeError,
  type Tensor,
} from '../tensor.ts';
import { add } from './elementwise.ts';

type SliceAttributes = { readonly axis: number; readonly start: number; readonly end: number };

export const sliceOperator: Operator<SliceAttributes> = {
  name: 'slice',
  infer: ([input], { axis, start, end }) => {
    if (start < 0 || end <= start || end > input.shape[axis]) {
      throw new ShapeError('slice', [input], `${start} … ${end} inside axis ${axis}`);
    }
    const shape = input.shape.map((size, i) => (i === axis ? end - start : size));
    return [{ shape, dtype: input.dtype }];
  },
  gradient: ({ inputs: [x], attributes: { axis, start, end }, outputGradient }) => {
    const before = x.shape.map((_, i) => (i === axis ? start : 0));
    const after = x.shape.map((size, i) => (i === axis ? size - end : 0));
    return [pad(outputGradient, before, after)];
  },
  emit: (builder, [x], node) => {
    const { axis, start, end } = node.attributes as SliceAttributes;
    const [starts, ends, axes] = [start, end, axis].map((v) => builder.integerVector([v]));
    return builder.add('Slice', [x, starts, ends, axes]);
  },
};

/** Elements `start` … `end` − 1 of one axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const [normal] = normalizeAxes('slice', x, [axis]);
  if (start === 0 && end === x.shape[normal]) return x;
  return apply(sliceOperator, [x], { axis: normal, start, end });
}

type FlipAttributes = { readonly axes: Shape };

const flipOperator: Operator<FlipAttributes> = {
  name: 'flip',
  infer: ([input]) => [input],
  gradient: ({ attributes: { axes }, outputGradient }) => [flip(outputGradient, axes)],
  emit: (builder, [x], node) => {
    const { axes } = node.attributes as FlipAttributes;
    const all = (value: number) => builder.integerVector(axes.map(() => value));
    const inputs = [x, all(-1), all(-(2 ** 31)), builder.integerVector(axes), all(-1)];
    return builder.add('Slice', inputs);
  },
};

/** Reverses the order of elements along axes. */
export function flip(x: Tensor, axes: Shape): Tensor {
  return apply(flipOperator, [x], { axes: normalizeAxes('flip', x, axes) });
}

type ConcatAttributes = { readonly axis: number };

const concatOperator: Operator<ConcatAttributes> = {
  name: 'concat',
  infer: (inputs, { axis }) => {
    const [first] = inputs;
    const fits = inputs.every(
      ({ shape }) =>
        shape.length === first.shape.length &&
        shape.every((size, i) => i === axis || size === first.shape[i]),
    );
    if (!fits) throw new ShapeError('concat', inputs, `shapes that differ in axis ${axis} only`);
    const total = inputs.reduce((count, { shape }) => count + shape[axis], 0);
    const shape = first.shape.map((size, i) => (i === axis ? total : size));
    return [{ shape, dtype: first.dtype }];
  },
  gradient: ({ inputs, attributes: { axis }, outputGradient, needs }) => {
    let start = 0;
    return inputs.map(({ shape }, i) => {
      const from = start;
      start += shape[axis];
      return needs(i) ? slice(outputGradient, axis, from, start) : undefined;
    });
  },
  emit: (builder, inputs, node) =>
    builder.add('Concat', inputs, { axis: (node.attributes as ConcatAttributes).axis }),
};

/** Joins tensors along an axis. */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  if (tensors.length === 1) return tensors[0];
  const [normal] = normalizeAxes('concat', tensors[0], [axis]);
  return apply(concatOperator, tensors, { axis: normal });
}

type PadAttributes = {
  readonly before: Shape;
  readonly after: Shape;
  readonly mode: 'constant' | 'reflect';
};

const padOperator: Operator<PadAttributes> = {
  name: 'pad',
  infer: ([input], { before, after, mode }) => {
    const { shape } = input;
    const counts = [...before, ...after];
    const fits = before.length === shape.length && after.length === shape.length;
    const reflects = shape.every((size, i) => before[i] < size && after[i] < size);
    if (!fits || counts.some((count) => count < 0) || (mode === 'reflect' && !reflects)) {
      const amounts = `${formatShape(before)} before and ${formatShape(after)} after`;
      throw new ShapeError('pad', [input], `an input that can be padded (${mode}) by ${amounts}`);
    }
    return [{ shape: shape.map((size, i) => before[i] + size + after[i]), dtype: input.dtype }];
  },
  gradient: ({ inputs: [x], attributes, outputGradient }) => {
    const { before, after, mode } = attributes;
    let gradient = outputGradient;
    for (const [axis, size] of x.shape.entries()) {
      const options = { axis, size, before: before[axis], after: after[axis] };
      if (options.before === 0 && options.after === 0) continue;
      const inner = slice(gradient, axis, options.before, options.before + size);
      gradient = mode === 'constant' ? inner : add(inner, reflectedEdges(gradient, options));
    }
    return [gradient];
  },
  emit: (builder, [x], node) => {
    const { before, after, mode } = node.attributes as PadAttributes;
    return builder.add('Pad', [x, builder.integerVector([...before, ...after])], { mode });
  },
};

/** What the padded elements of one axis add to the elements that they reflect. */
function reflectedEdges(
  gradient: Tensor,
  { axis, size, before, after }: { axis: number; size: number; before: number; after: number },
): Tensor {
  const along = (count: number) => gradient.shape.map((_, i) => (i === axis ? count : 0));
  const edges: Tensor[] = [];
  if (before > 0) {
    const edge = flip(slice(gradient, axis, 0, before), [axis]);
    edges.push(pad(edge, along(1), along(size - 1 - before)));
  }
  if (after > 0) {
    const edge = flip(slice(gradient, axis, before + size, before + size + after), [axis]);
    edges.push(pad(edge, along(size - 1 - after), along(1)));
  }
  return edges.reduce((a, b) => add(a, b));
}

/**
 * Adds elements before and after each axis: zeros, or with `reflect` the mirror image without the
 * border element, which allows at most size − 1 of them.
 */
export function pad(
  x: Tensor,
  before: Shape,
  after: Shape,
  mode: PadAttributes['mode'] = 'constant',
): Tensor {
  if (before.every((n) => n === 0) && after.every((n) => n === 0)) return x;
  return apply(padOperator, [x], { before, after, mode });
}

/** Pads height and width of `[batch, channels, height, width]` on each side by the same amount. */
export function pad2d(x: Tensor, amount: number, mode: PadAttributes['mode'] = 'constant'): Tensor {
  const sides = [0, 0, amount, amount];
  return pad(x, sides, sides, mode);
}
