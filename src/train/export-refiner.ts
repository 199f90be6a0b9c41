import { mapTree, type Tree } from '../base/tree.ts';
import type { Refiner } from '../models/index.ts';
import { type CompileOptions, compile } from '../tensor/compile.ts';
import { type HostTensor, spec } from '../tensor/host-tensor.ts';
import { constant } from '../tensor/operators/constant.ts';
import { clamp } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';

export interface ExportOptions {
  readonly channels: 1 | 3;
  /** `[height, width]` of the training images, for the metadata. */
  readonly size: readonly [number, number];
  readonly preset: string;
}

/** Keys of the model's metadata. */
export const metadataKeys = {
  size: 'lifelike.size',
  channels: 'lifelike.channels',
  valueRange: 'lifelike.value_range',
  preset: 'lifelike.preset',
  /** Height and width must be multiples of it; left out where any size will do. */
  multiple: 'lifelike.multiple',
} as const;

/**
 * The refiner as an ONNX model with its weights inside: input `images`, output `refined`, float32
 * `[batch, channels, height, width]` in −1 … 1 with symbolic batch, height and width; opset 17,
 * IR 8, default operators. Equal weights give equal bytes. What the network gives outside −1 … 1 is
 * clamped, as an image has no such values.
 */
export function exportRefiner(
  refiner: Refiner,
  parameters: Tree<HostTensor>,
  { channels, size, preset }: ExportOptions,
): Uint8Array {
  const options: CompileOptions = {
    inputNames: ['images'],
    outputName: 'refined',
    symbolicShapes: {
      images: ['batch', channels, 'height', 'width'],
      refined: ['batch', channels, 'height', 'width'],
    },
    metadata: {
      [metadataKeys.size]: size.join('x'),
      [metadataKeys.channels]: String(channels),
      [metadataKeys.valueRange]: '-1,1',
      [metadataKeys.preset]: preset,
      ...(refiner.multipleOf !== undefined && {
        [metadataKeys.multiple]: String(refiner.multipleOf),
      }),
    },
  };
  const apply = (images: Tensor) => {
    const weights = mapTree<HostTensor, Tensor>(parameters, ({ data, shape }) =>
      constant(data, shape),
    );
    return clamp(refiner.apply(weights, images), -1, 1);
  };
  const trace = (batch: number, height: number, width: number) =>
    compile(apply, [spec([batch, channels, height, width])], options).model;
  const { multipleOf = 1 } = refiner;
  const side = (atLeast: number) => multipleOf * Math.ceil(atLeast / multipleOf);
  const [small, more] = [side(64), side(32)];
  const model = trace(1, small, small);
  // Shapes are known while tracing; a program that depends on one would be wrong for all others.
  if (Buffer.compare(model, trace(2, small + more, small + 2 * more)) !== 0) {
    throw new Error('The exported refiner depends on the size of the images.');
  }
  return model;
}
