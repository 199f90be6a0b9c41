import { mapTree, type Tree } from '../base/tree.ts';
import { type Shape, sizeOf } from './tensor.ts';

/**
 * Values of a float32 tensor in memory, row-major: what goes into and comes out of a program. A
 * class, so that a tree of them ends at them.
 */
export class HostTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
  /** Keeps plain records, which are branches of a tree, from passing as leaves. */
  declare private readonly brand: undefined;

  constructor(shape: Shape, data: Float32Array) {
    if (data.length !== sizeOf(shape)) {
      const values = `${sizeOf(shape)} values for [${shape.join(', ')}]`;
      throw new Error(`Expected ${values}, got ${data.length}.`);
    }
    this.shape = shape;
    this.data = data;
  }
}

/** A host tensor over existing values (not copied), or zeros. */
export function hostTensor(shape: Shape, data?: Float32Array): HostTensor {
  return new HostTensor(shape, data ?? new Float32Array(sizeOf(shape)));
}

/** A scalar as a host tensor. */
export function hostScalar(value: number): HostTensor {
  return new HostTensor([], Float32Array.of(value));
}

/** What is known of an input of a traced function: float32 of a shape. */
export class TensorSpec {
  readonly shape: Shape;
  declare private readonly brand: undefined;

  constructor(shape: Shape) {
    this.shape = shape;
  }
}

/** An input of a shape. */
export function spec(shape: Shape): TensorSpec {
  return new TensorSpec(shape);
}

/** The shapes of a tree of values, in its form. */
export function specsOf(tree: Tree<HostTensor>): Tree<TensorSpec> {
  return mapTree<HostTensor, TensorSpec>(tree, ({ shape }) => new TensorSpec(shape));
}
