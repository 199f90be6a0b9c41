import { type InceptionTrunkWeights, inceptionConvolutions } from '../../models/frozen/index.ts';
import type { HostTensor } from '../../tensor/host-tensor.ts';
import { biasFree } from './layout.ts';
import { foldNormalization, readNsfwModel } from './nsfw-models.ts';

/** Reads Inception v3 up to `mixed5`, each normalisation folded into the convolution before it. */
export async function readInceptionTrunk(): Promise<InceptionTrunkWeights<HostTensor>> {
  const wanted = (name: string) => Number(/_(\d+)\//.exec(name)?.[1]) <= inceptionConvolutions;
  const weights = await readNsfwModel('inception_v3', wanted);
  return Array.from({ length: inceptionConvolutions }, (_, i) =>
    foldNormalization(
      biasFree(weights, `conv2d_${i + 1}/kernel`),
      weights,
      `batch_normalization_${i + 1}`,
    ),
  );
}
