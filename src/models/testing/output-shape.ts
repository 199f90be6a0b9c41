import { randomKey } from '../../base/random.ts';
import type { Tree } from '../../base/tree.ts';
import { compile } from '../../tensor/compile.ts';
import { spec, specsOf } from '../../tensor/host-tensor.ts';
import type { Shape, Tensor } from '../../tensor/tensor.ts';
import type { Network } from '../network.ts';

/** The shape of a network's output for images of a shape; traces it without running it. */
export function outputShape(network: Network, images: Shape): Shape {
  const parameters = network.init(randomKey(0));
  const apply = (traced: Tree<Tensor>, x: Tree<Tensor>) => network.apply(traced, x as Tensor);
  return compile(apply, [specsOf(parameters), spec(images)]).outputs[0].shape;
}
