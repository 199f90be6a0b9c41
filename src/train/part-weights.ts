import { type PartName, partCodes } from '../data/part-masks.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import type { RegularizationConfig } from './regularization-config.ts';

/**
 * How much each pixel counts, from the part that it shows: part codes `[batch, 1, height, width]` →
 * weights of the same shape. A code that no part has counts as 1.
 */
export function createPixelWeights({ partWeights }: RegularizationConfig) {
  const table = new Float32Array(256).fill(1);
  for (const [name, codes] of Object.entries(partCodes)) {
    for (const code of codes) table[code] = partWeights[name as PartName];
  }
  return ({ shape, data }: HostTensor): HostTensor =>
    hostTensor(
      shape,
      data.map((code) => table[code]),
    );
}
