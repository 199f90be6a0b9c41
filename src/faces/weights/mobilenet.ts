import {
  type ConvolutionWeights,
  type MobileNetTrunkWeights,
  mobileNetBlocks,
} from '../../models/frozen/index.ts';
import type { HostTensor } from '../../tensor/host-tensor.ts';
import { biasFree, depthwiseOf } from './layout.ts';
import { foldNormalization, readNsfwModel } from './nsfw-models.ts';

/** Reads MobileNetV2 up to `block_10`, each normalisation folded into the convolution before it. */
export async function readMobileNetTrunk(): Promise<MobileNetTrunkWeights<HostTensor>> {
  const isWanted = (name: string) => Number(/^block_(\d+)_/.exec(name)?.[1] ?? 0) < mobileNetBlocks;
  const weights = await readNsfwModel('mobilenet_v2', isWanted);
  const folded = (convolution: ConvolutionWeights<HostTensor>, normalization: string) =>
    foldNormalization(convolution, weights, normalization);
  return {
    stem: folded(biasFree(weights, 'Conv1/kernel'), 'bn_Conv1'),
    blocks: Array.from({ length: mobileNetBlocks }, (_, i) => {
      // The first block has names of its own.
      const prefix = i === 0 ? 'expanded_conv' : `block_${i}`;
      const pointwise = (name: string) =>
        folded(biasFree(weights, `${prefix}_${name}/kernel`), `${prefix}_${name}_BN`);
      return {
        ...(i > 0 && { expand: pointwise('expand') }),
        depthwise: folded(
          depthwiseOf(weights, `${prefix}_depthwise/depthwise_kernel`),
          `${prefix}_depthwise_BN`,
        ),
        project: pointwise('project'),
      };
    }),
  };
}
