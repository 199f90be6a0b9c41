import onnxProto from 'onnx-proto';
import { compile } from '../tensor/compile.ts';
import { spec } from '../tensor/host-tensor.ts';
import type { Shape, Tensor } from '../tensor/tensor.ts';

type ListFunction = (inputs: readonly Tensor[]) => Tensor | readonly Tensor[];

/** The decoded ONNX model of a traced function of a list of tensors. */
export function modelOf(fn: ListFunction, shapes: readonly Shape[]): onnxProto.onnx.ModelProto {
  return onnxProto.onnx.ModelProto.decode(compile(fn, [shapes.map(spec)]).model);
}

/** How many nodes of each type the compiled function has, `{ Add: 2, Exp: 1 }`. */
export function nodeCounts(fn: ListFunction, shapes: readonly Shape[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { opType } of modelOf(fn, shapes).graph?.node ?? []) {
    if (opType) counts[opType] = (counts[opType] ?? 0) + 1;
  }
  return counts;
}

/** The values of the float32 constants in the compiled function. */
export function constantsOf(fn: ListFunction, shapes: readonly Shape[]): number[][] {
  const initializers = modelOf(fn, shapes).graph?.initializer ?? [];
  return initializers
    .filter(({ dataType }) => dataType === onnxProto.onnx.TensorProto.DataType.FLOAT)
    .map(({ rawData }) => [...new Float32Array(Uint8Array.from(rawData!).buffer)]);
}
