import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';

/** The values between which {@link pattern} draws are this far apart. */
export const patternGap = 0.04;

const modulus = 2 ** 31 - 1;

/** The next state of the “minimal standard” generator (Park and Miller 1988). */
function next(state: number): number {
  return (state * 16807) % modulus;
}

/**
 * Test values from −1.98, −1.94, … 1.98, so at least 0.02 from 0 and from 1: no step of a
 * finite difference crosses a kink there. `test/golden/operators.py` draws the same.
 */
export function pattern(shape: Shape, seed: number): HostTensor {
  let state = next(seed + 1);
  return fromFunction(shape, () => {
    state = next(state);
    return ((state % 100) + 0.5) * patternGap - 2;
  });
}

/** Like {@link pattern}, but moved by half a gap: never closer than that to a value of it. */
export function shiftedPattern(shape: Shape, seed: number): HostTensor {
  return mapHost(pattern(shape, seed), (value) => value + patternGap / 2);
}

/** Values between 0.52 and 2.48, for logarithms, roots and denominators. */
export function positivePattern(shape: Shape, seed: number): HostTensor {
  return mapHost(pattern(shape, seed), (value) => Math.abs(value) + 0.5);
}

/** Every value different from every other by at least a gap, in an irregular order. */
export function distinctPattern(shape: Shape): HostTensor {
  const count = sizeOf(shape);
  // A step that shares no divisor with the count visits every value once.
  let step = Math.max(1, Math.floor(count * 0.382));
  while (greatestDivisor(step, count) !== 1) step++;
  return fromFunction(shape, (i) => (((i * step) % count) - count / 2 + 0.25) * patternGap);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function fromFunction(shape: Shape, value: (index: number) => number): HostTensor {
  return hostTensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => value(i)),
  );
}

/** A host tensor with every value replaced. */
export function mapHost({ shape, data }: HostTensor, f: (value: number) => number): HostTensor {
  return hostTensor(shape, data.map(f));
}
