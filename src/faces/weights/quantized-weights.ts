import { HostTensor } from '../../tensor/host-tensor.ts';
import { sizeOf } from '../../tensor/tensor.ts';

/** A tensor of a TensorFlow.js weights manifest. */
export interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  /** Where present, the tensor is stored as bytes *q* with the value `q · scale + min`. */
  readonly quantization?: { readonly dtype: string; readonly scale: number; readonly min: number };
}

/** Tensors by name, in the axis order of TensorFlow. */
export type NamedWeights = ReadonlyMap<string, HostTensor>;

/**
 * Cuts the bytes of a weights file into tensors, in manifest order, without padding; wanted ones.
 */
export function decodeWeights(
  manifest: readonly ManifestEntry[],
  bytes: Uint8Array,
  isWanted: (name: string) => boolean = () => true,
): NamedWeights {
  const weights = new Map<string, HostTensor>();
  let offset = 0;
  for (const { name, shape, quantization } of manifest) {
    const count = sizeOf(shape);
    const length = quantization === undefined ? 4 * count : count;
    if (quantization !== undefined && quantization.dtype !== 'uint8') {
      throw new Error(`${name}: Expected weights of 8 bits, got ${quantization.dtype}.`);
    }
    if (offset + length > bytes.length) {
      throw new Error(
        `${name}: Expected ${offset + length} bytes of weights, got ${bytes.length}.`,
      );
    }
    const start = offset;
    offset += length;
    if (!isWanted(name)) continue;
    const part = Uint8Array.from(bytes.subarray(start, offset));
    const data =
      quantization === undefined
        ? new Float32Array(part.buffer)
        : Float32Array.from(part, (q) => q * quantization.scale + quantization.min);
    weights.set(name, new HostTensor(shape, data));
  }
  return weights;
}

/** A tensor of the file. A missing one means another version of the package: a bug. */
export function weightOf(weights: NamedWeights, name: string): HostTensor {
  const tensor = weights.get(name);
  if (tensor === undefined) throw new Error(`Expected weights named ${name}, got none.`);
  return tensor;
}
