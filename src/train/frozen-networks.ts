import {
  readFaceLandmarkNetwork,
  readFaceResNet,
  readMobileNetTrunk,
  readTinyFaceLandmarkNetwork,
} from '../faces/weights/index.ts';
import {
  constantWeights,
  type FaceLandmarkWeights,
  type FaceResNetWeights,
  type MobileNetTrunkWeights,
} from '../models/frozen/index.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TrainConfig } from './config.ts';
import { faceShares } from './regularization-config.ts';

/** Weights of frozen networks, those that a configuration needs. */
export interface FrozenNetworks<Leaf> {
  readonly landmarks?: FaceLandmarkWeights<Leaf>;
  /** Another network of the same landmarks, for the term that holds them: see `faceTerms`. */
  readonly landmarkGuide?: FaceLandmarkWeights<Leaf>;
  readonly resnet?: FaceResNetWeights<Leaf>;
  readonly mobileNet?: MobileNetTrunkWeights<Leaf>;
}

/** Reads the frozen networks that a configuration needs. */
export async function readFrozenNetworks({
  regularization,
  parts,
  discriminator,
}: Pick<TrainConfig, 'regularization' | 'parts' | 'discriminator'>): Promise<
  FrozenNetworks<HostTensor>
> {
  const { featureMaps, identity } = regularization;
  return {
    // Every term, and the refiner of the parts, looks where the landmark network finds the face.
    ...((parts.refiner || faceShares.some((name) => regularization[name] > 0)) && {
      landmarks: await readFaceLandmarkNetwork(),
    }),
    ...(regularization.landmarks > 0 && { landmarkGuide: await readTinyFaceLandmarkNetwork() }),
    ...((featureMaps > 0 || identity > 0 || discriminator.faceFeatures) && {
      resnet: await readFaceResNet(),
    }),
    ...(discriminator.objectFeatures && { mobileNet: await readMobileNetTrunk() }),
  };
}

/** The networks as constants of the program that is being traced: they are no state of a run. */
export function asConstants(networks: FrozenNetworks<HostTensor>): FrozenNetworks<Tensor> {
  const { landmarks, landmarkGuide, resnet, mobileNet } = networks;
  return {
    ...(landmarks && { landmarks: constantWeights<FaceLandmarkWeights<Tensor>>(landmarks) }),
    ...(landmarkGuide && {
      landmarkGuide: constantWeights<FaceLandmarkWeights<Tensor>>(landmarkGuide),
    }),
    ...(resnet && { resnet: constantWeights<FaceResNetWeights<Tensor>>(resnet) }),
    ...(mobileNet && { mobileNet: constantWeights<MobileNetTrunkWeights<Tensor>>(mobileNet) }),
  };
}
