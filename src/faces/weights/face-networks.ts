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
export function readFaceLandmarkNetwork(): Promise<FaceLandmarkWeights<HostTensor>> {
  return readLandmarkNetwork('face_landmark_68_model', { blocks: 4, convolutions: 4 });
}

/** Reads the weights of the smaller network of the same 68 landmarks, trained apart from it. */
export function readTinyFaceLandmarkNetwork(): Promise<FaceLandmarkWeights<HostTensor>> {
  return readLandmarkNetwork('face_landmark_68_tiny_model', { blocks: 3, convolutions: 3 });
}

async function readLandmarkNetwork(
  name: string,
  { blocks, convolutions }: { readonly blocks: number; readonly convolutions: number },
): Promise<FaceLandmarkWeights<HostTensor>> {
  const weights = await readNetwork(name);
  const [, ...later] = Array.from({ length: convolutions }, (_, i) => i);
  const separable = (block: number, convolution: number) =>
    separableOf(weights, `dense${block}/conv${convolution}`);
  return {
    stem: convolutionOf(weights, 'dense0/conv0'),
    first: later.map((convolution) => separable(0, convolution)),
    blocks: Array.from({ length: blocks - 1 }, (_, i) =>
      [0, ...later].map((convolution) => separable(i + 1, convolution)),
    ),
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
