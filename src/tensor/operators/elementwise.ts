import { apply, broadcastShape, type DType, type Operator, type Tensor } from '../tensor.ts';
import { toTensor } from './constant.ts';
import { sumTo } from './sum-to.ts';

/** A tensor, or a number that stands for a scalar constant. */
export type Operand = Tensor | number;

interface Rule {
  /** The gradients with respect to each input, before broadcasting is undone. */
  readonly gradient?: (
    gradient: Tensor,
    inputs: readonly Tensor[],
    output: Tensor,
  ) => readonly ((() => Tensor) | undefined)[];
  readonly fold?: (...values: readonly number[]) => number;
  readonly dtype?: DType;
  readonly attributes?: Readonly<Record<string, { readonly float: number } | number>>;
}

function elementwiseOperator(name: string, onnxType: string, rule: Rule): Operator {
  return {
    name,
    elementwise: true,
    infer: (inputs) => [
      { shape: broadcastShape(name, inputs), dtype: rule.dtype ?? inputs[inputs.length - 1].dtype },
    ],
    ...(rule.fold && { fold: rule.fold }),
    ...(rule.gradient && {
      gradient: ({ inputs, outputs, outputGradient, needs }) => {
        const rules = rule.gradient!(outputGradient, inputs, outputs[0]);
        return inputs.map((input, i) => {
          const build = rules[i];
          return build && needs(i) ? sumTo(build(), input.shape) : undefined;
        });
      },
    }),
    emit: (builder, inputs) => builder.add(onnxType, inputs, rule.attributes),
  };
}

type Unary = (x: Tensor) => Tensor;
type Binary = (a: Operand, b: Operand) => Tensor;

function unary(name: string, onnxType: string, rule: Rule): Unary {
  const operator = elementwiseOperator(name, onnxType, rule);
  return (x) => apply(operator, [x], {});
}

function binary(operator: Operator): Binary {
  return (a, b) => apply(operator, [toTensor(a), toTensor(b)], {});
}

export const addOperator: Operator = elementwiseOperator('add', 'Add', {
  fold: (a, b) => a + b,
  gradient: (g) => [() => g, () => g],
});

/** a + b */
export const add: Binary = binary(addOperator);

export const subtractOperator: Operator = elementwiseOperator('subtract', 'Sub', {
  fold: (a, b) => a - b,
  gradient: (g) => [() => g, () => negate(g)],
});

/** a − b */
export const subtract: Binary = binary(subtractOperator);

export const multiplyOperator: Operator = elementwiseOperator('multiply', 'Mul', {
  fold: (a, b) => a * b,
  gradient: (g, [a, b]) => [() => multiply(g, b), () => multiply(g, a)],
});

/** a · b */
export const multiply: Binary = binary(multiplyOperator);

export const divideOperator: Operator = elementwiseOperator('divide', 'Div', {
  fold: (a, b) => a / b,
  gradient: (g, [, b], y) => [() => divide(g, b), () => negate(multiply(divide(g, b), y))],
});

/** a / b */
export const divide: Binary = binary(divideOperator);

/** The larger of two values; where they are equal, the gradient goes to the first. */
export const maximum: Binary = binary(
  elementwiseOperator('maximum', 'Max', {
    fold: Math.max,
    gradient: (g, [a, b]) => [() => where(less(a, b), 0, g), () => where(less(a, b), g, 0)],
  }),
);

/** The smaller of two values; where they are equal, the gradient goes to the first. */
export const minimum: Binary = binary(
  elementwiseOperator('minimum', 'Min', {
    fold: Math.min,
    gradient: (g, [a, b]) => [() => where(greater(a, b), 0, g), () => where(greater(a, b), g, 0)],
  }),
);

/** a > b, a bool tensor through which no gradient flows. */
export const greater: Binary = binary(elementwiseOperator('greater', 'Greater', { dtype: 'bool' }));
/** a < b, a bool tensor through which no gradient flows. */
export const less: Binary = binary(elementwiseOperator('less', 'Less', { dtype: 'bool' }));
/** a = b, a bool tensor through which no gradient flows. */
export const equal: Binary = binary(elementwiseOperator('equal', 'Equal', { dtype: 'bool' }));

const whereOperator = elementwiseOperator('where', 'Where', {
  gradient: (g, [condition]) => [
    undefined,
    () => where(condition, g, 0),
    () => where(condition, 0, g),
  ],
});

/** `a` where the condition holds and `b` elsewhere. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  return apply(whereOperator, [condition, toTensor(a), toTensor(b)], {});
}

const toFloatOperator = elementwiseOperator('toFloat', 'Cast', {
  dtype: 'float32',
  attributes: { to: 1 },
});

/** 1 where a bool tensor holds and 0 elsewhere. */
export function toFloat(condition: Tensor): Tensor {
  return apply(toFloatOperator, [condition], {});
}

/** −x */
export const negate: Unary = unary('negate', 'Neg', {
  fold: (x) => -x,
  gradient: (g) => [() => negate(g)],
});

/** eˣ */
export const exp: Unary = unary('exp', 'Exp', {
  fold: Math.exp,
  gradient: (g, _, y) => [() => multiply(g, y)],
});

/** The natural logarithm. */
export const log: Unary = unary('log', 'Log', {
  fold: Math.log,
  gradient: (g, [x]) => [() => divide(g, x)],
});

/** The hyperbolic tangent. */
export const tanh: Unary = unary('tanh', 'Tanh', {
  fold: Math.tanh,
  gradient: (g, _, y) => [() => multiply(g, subtract(1, multiply(y, y)))],
});

/** 1 / (1 + e⁻ˣ) */
export const sigmoid: Unary = unary('sigmoid', 'Sigmoid', {
  gradient: (g, _, y) => [() => multiply(g, multiply(y, subtract(1, y)))],
});

/** log(1 + eˣ) */
export const softplus: Unary = unary('softplus', 'Softplus', {
  gradient: (g, [x]) => [() => multiply(g, sigmoid(x))],
});

export const reluOperator: Operator = elementwiseOperator('relu', 'Relu', {
  fold: (x) => Math.max(x, 0),
  gradient: (g, _, y) => [() => multiply(g, step(y))],
});

/** max(x, 0); the gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  return apply(reluOperator, [x], {});
}

/**
 * 1 where x > 0 and 0 elsewhere; no gradient flows through it. As a steep hard sigmoid it takes one
 * pass over memory instead of the three of comparison, cast and product; numbers below 1e-38 are
 * denormal, and count as 0.
 */
export const step: Unary = unary('step', 'HardSigmoid', {
  fold: (x) => (x > 0 ? 1 : 0),
  attributes: { alpha: { float: 1e38 }, beta: { float: 0 } },
});

/** |x|; the gradient at 0 is 0. */
export const abs: Unary = unary('abs', 'Abs', {
  fold: Math.abs,
  gradient: (g, [x]) => [() => multiply(g, sign(x))],
});

/** −1, 0 or 1; no gradient flows through it. */
export const sign: Unary = unary('sign', 'Sign', { fold: Math.sign });

/** √x */
export const sqrt: Unary = unary('sqrt', 'Sqrt', {
  fold: Math.sqrt,
  gradient: (g, _, y) => [() => divide(multiply(g, 0.5), y)],
});

/** x² */
export function square(x: Tensor): Tensor {
  return multiply(x, x);
}

type SlopeAttributes = { readonly slope: number };

const leakyReluOperator: Operator<SlopeAttributes> = {
  name: 'leakyRelu',
  elementwise: true,
  infer: ([x]) => [x],
  gradient: ({ inputs: [x], attributes: { slope }, outputGradient: g }) => [
    multiply(g, add(multiply(step(x), 1 - slope), slope)),
  ],
  emit: (builder, inputs, node) => {
    const { slope } = node.attributes as SlopeAttributes;
    return builder.add('LeakyRelu', inputs, { alpha: { float: slope } });
  },
};

/** x where positive, `slope · x` elsewhere (slope 0.2 in DCGAN, Radford et al. 2015). */
export function leakyRelu(x: Tensor, slope = 0.2): Tensor {
  return apply(leakyReluOperator, [x], { slope });
}

type Limits = { readonly low: number; readonly high: number };

const clampOperator: Operator<Limits> = {
  name: 'clamp',
  elementwise: true,
  infer: ([x]) => [x],
  gradient: ({ inputs: [x], attributes: { low, high }, outputGradient: g }) => [
    multiply(g, subtract(1, add(step(subtract(low, x)), step(subtract(x, high))))),
  ],
  emit: (builder, [x], node) => {
    const { low, high } = node.attributes as Limits;
    const [from, to] = [low, high].map((limit) => builder.constant(Float32Array.of(limit), []));
    return builder.add('Clip', [x, from, to]);
  },
};

/** The nearest value in `low` … `high`; the gradient outside is 0. */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  return apply(clampOperator, [x], { low, high });
}
