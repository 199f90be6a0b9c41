import { topologicalOrder } from '../graph.ts';
import { largestOfWindows, maxPoolOperator } from '../operators/pooling.ts';
import type { Tensor } from '../tensor.ts';
import { isNode, rewrite } from './rewrite.ts';

/**
 * Max pools whose indices nothing reads, as pools without them. ONNX Runtime has a fast kernel,
 * also for blocked channels, only for those: the one with indices took a quarter of the Inception
 * trunk's time and nine tenths of the face detector's.
 */
export function dropPoolIndices(outputs: readonly Tensor[]): Tensor[] {
  const used = new Set<Tensor>(outputs);
  for (const { inputs } of topologicalOrder(outputs)) for (const input of inputs) used.add(input);
  return rewrite(outputs, [
    (node, [x]) => {
      if (!isNode(node, maxPoolOperator) || used.has(node.outputs[1])) return undefined;
      return [largestOfWindows(x, node.attributes), node.outputs[1]];
    },
  ]);
}
