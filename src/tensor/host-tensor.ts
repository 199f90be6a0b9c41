import { type Shape, sizeOf } from './tensor.ts';

/** Values of a float32 tensor in memory, row-major: what goes into and comes out of a program. */
export interface HostTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** A host tensor over existing values (not copied), or zeros. */
export function hostTensor(shape: Shape, data?: Float32Array): HostTensor {
  if (data !== undefined && data.length !== sizeOf(shape)) {
    throw new Error(
      `Expected ${sizeOf(shape)} values for [${shape.join(', ')}], got ${data.length}.`,
    );
  }
  return { shape, data: data ?? new Float32Array(sizeOf(shape)) };
}

/** A scalar as a host tensor. */
export function hostScalar(value: number): HostTensor {
  return { shape: [], data: Float32Array.of(value) };
}
