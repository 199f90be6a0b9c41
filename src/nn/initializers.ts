import { normal, type RandomKey, split, uniform } from '../base/random.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { formatShape, type Shape, sizeOf } from '../tensor/tensor.ts';

/** Draws the first values of a parameter of a shape. */
export type Initializer = (key: RandomKey, shape: Shape) => HostTensor;

export interface Fans {
  /** How many inputs an output element sums over. */
  readonly fanIn: number;
  /** How many output elements an input takes part in, with stride 1. */
  readonly fanOut: number;
}

/** Fans of weights `[inputs, outputs]` or `[filters, channels, height, width]`. */
export function fansOf(shape: Shape): Fans {
  if (shape.length === 2) return { fanIn: shape[0], fanOut: shape[1] };
  if (shape.length === 4) {
    const window = shape[2] * shape[3];
    return { fanIn: shape[1] * window, fanOut: shape[0] * window };
  }
  throw new Error(
    `Expected weights with 2 or 4 axes, got ${formatShape(shape)}. Use constantInitializer for vectors.`,
  );
}

function filled(shape: Shape, values: Float64Array, f: (value: number) => number): HostTensor {
  return hostTensor(shape, Float32Array.from(values, f));
}

/**
 * Uniform on −a … a with `a = √(6 / (fanIn + fanOut))` (Glorot and Bengio 2010, “Understanding the
 * difficulty of training deep feedforward neural networks”, equation 16).
 */
export const glorotUniform: Initializer = (key, shape) => {
  const { fanIn, fanOut } = fansOf(shape);
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return filled(shape, uniform(key, sizeOf(shape)), (u) => (2 * u - 1) * limit);
};

/** Normal with variance `2 / fanIn` (He et al. 2015, arXiv 1502.01852, equation 10): keeps the
 * variance through layers with ReLU. */
export const heNormal: Initializer = (key, shape) => {
  const deviation = Math.sqrt(2 / fansOf(shape).fanIn);
  return filled(shape, normal(key, sizeOf(shape)), (z) => z * deviation);
};

/** Normal with the given standard deviation, drawn again wherever it lies beyond two deviations. */
export function truncatedNormal(deviation: number): Initializer {
  return (key, shape) => {
    const values = normal(key, sizeOf(shape));
    for (let round = 1; values.some(isOutside); round++) {
      const again = normal(split(key, 'again', round), values.length);
      for (const [i, value] of values.entries()) if (isOutside(value)) values[i] = again[i];
    }
    return filled(shape, values, (z) => z * deviation);
  };
}

function isOutside(z: number): boolean {
  return Math.abs(z) > 2;
}

/** The same value everywhere: 0 for biases and shifts, 1 for scales. */
export function constantInitializer(value: number): Initializer {
  return (_key, shape) => hostTensor(shape, new Float32Array(sizeOf(shape)).fill(value));
}
