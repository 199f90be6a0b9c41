import {
  featureDistance,
  identityEmbeddingLoss,
  landmarkConsistencyLoss,
} from '../losses/index.ts';
import {
  faceEmbedding,
  faceFeatureMaps,
  faceResNetInputSize,
  findFaces,
  landmarksInBoxes,
  toColour,
} from '../models/frozen/index.ts';
import { cropBoxes } from '../nn/boxes.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { stopGradient } from '../tensor/operators/constant.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TrainConfig } from './config.ts';
import { asConstants, type FrozenNetworks } from './frozen-networks.ts';

/**
 * What frozen face networks see change: each term as a function, so that one without weight is not
 * traced. All look at the square around the landmarks that the landmark network finds in the
 * *render*, in both images: a face that moved is not followed. The gradient flows through the
 * refined image only. Identity and landmarks are labels, so they are those of the render; feature
 * maps are texture, and compared with those of the reference, see `Refiner`. Where the landmarks
 * are is asked of another network than the one that measures drift: a refiner could learn to please
 * the one it is trained through.
 */
export function faceTerms(
  { render, reference }: { readonly render: Tensor; readonly reference: Tensor },
  refined: Tensor,
  { reduction, regularization }: TrainConfig,
  networks: FrozenNetworks<HostTensor>,
) {
  const { landmarks, landmarkGuide, resnet } = asConstants(networks);
  const boxes = () => stopGradient(findFaces(landmarks!, render));
  const face = (images: Tensor) => cropBoxes(toColour(images), boxes(), faceResNetInputSize);
  const { norm, featureTaps } = regularization;
  return {
    featureDistance: () =>
      featureDistance(
        reference,
        refined,
        (images) => faceFeatureMaps(resnet!, face(images), featureTaps),
        { norm, reduction },
      ),
    identityDistance: () =>
      identityEmbeddingLoss(render, refined, (images) => faceEmbedding(resnet!, face(images))),
    landmarkDisplacement: () =>
      landmarkConsistencyLoss(render, refined, (images) =>
        landmarksInBoxes(landmarkGuide!, images, boxes()),
      ),
  };
}
