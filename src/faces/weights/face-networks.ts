import { readFile } from 'node:fs/promises';
import {
  type FaceLandmarkWeights,
  type FaceResNetUnit,
  type FaceResNetWeights,
  faceResNetUnits,
  type TinyFaceDetectorWeights,
} from '../../models/frozen/index.ts';
import type { HostTensor } from '../../tensor/host-tensor.ts';
import { convolutionOf, foldScale, separableOf } from './layout.ts';
import { packageFile } from './package-file.ts';
import {
  decodeWeights,
  type ManifestEntry,
  type NamedWeights,
  weightOf,
} from './quantized-weights.ts';

const packageName = '@vladmandic/face-api';

async function readNetwork(name: string): Promise<NamedWeights> {
  const manifestPath = packageFile(packageName, `model/${name}-weights_manifest.json`);
  const [{ weights }] = JSON.parse(await readFile(manifestPath, 'utf8')) as [
    { readonly weights: readonly ManifestEntry[] },
  ];
  return decodeWeights(weights, await readFile(packageFile(packageName, `model/${name}.bin`)));
}

/** Reads the weights of the tiny face detector. */
export async function readTinyFaceDetector(): Promise<TinyFaceDetectorWeights<HostTensor>> {
  const weights = await readNetwork('tiny_face_detector_model');
  return {
    stem: convolutionOf(weights, 'conv0'),
    blocks: [1, 2, 3, 4, 5].map((i) => separableOf(weights, `conv${i}`)),
    head: convolutionOf(weights, 'conv8'),
  };
}

/** Reads the weights of the network of 68 landmarks. */
export async function readFaceLandmarkNetwork(): Promise<FaceLandmarkWeights<HostTensor>> {
  const weights = await readNetwork('face_landmark_68_model');
  const separable = (block: number, convolution: number) =>
    separableOf(weights, `dense${block}/conv${convolution}`);
  return {
    stem: convolutionOf(weights, 'dense0/conv0'),
    first: [1, 2, 3].map((convolution) => separable(0, convolution)),
    blocks: [1, 2, 3].map((block) => [0, 1, 2, 3].map((i) => separable(block, i))),
    output: { weight: weightOf(weights, 'fc/weights'), bias: weightOf(weights, 'fc/bias') },
  };
}

/** Reads the weights of dlib's face ResNet, each unit's scale and shift folded into its filters. */
export async function readFaceResNet(): Promise<FaceResNetWeights<HostTensor>> {
  const weights = await readNetwork('face_recognition_model');
  const convolution = (prefix: string) =>
    foldScale(
      convolutionOf(weights, `${prefix}/conv`),
      weightOf(weights, `${prefix}/scale/weights`).data,
      weightOf(weights, `${prefix}/scale/biases`).data,
    );
  const units = Object.fromEntries(
    faceResNetUnits.map((unit) => [
      unit,
      [convolution(`${unit}/conv1`), convolution(`${unit}/conv2`)],
    ]),
  );
  return {
    stem: convolution('conv32_down'),
    units: units as unknown as Record<
      FaceResNetUnit,
      FaceResNetWeights<HostTensor>['units']['conv32_1']
    >,
    embedding: weightOf(weights, 'fc'),
  };
}
