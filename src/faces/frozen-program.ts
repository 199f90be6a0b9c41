import type { Tree } from '../base/tree.ts';
import {
  constantWeights,
  detectorCellSize,
  type FaceLandmarkWeights,
  type FaceResNetWeights,
  faceEmbedding,
  faceLandmarkNetwork,
  faceResNetInputSize,
  type InceptionTrunkWeights,
  inceptionInputSize,
  inceptionTrunk,
  landmarkInputSize,
  type TinyFaceDetectorWeights,
  tinyFaceDetector,
} from '../models/frozen/index.ts';
import { loadProgram, type ProgramOptions } from '../runtime/program.ts';
import { compile } from '../tensor/compile.ts';
import { type HostTensor, spec } from '../tensor/host-tensor.ts';
import { mean } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';
import {
  readFaceLandmarkNetwork,
  readFaceResNet,
  readInceptionTrunk,
  readTinyFaceDetector,
} from './weights/index.ts';

/** A frozen network ready to run, its weights inside. */
export interface FrozenProgram {
  readonly batchSize: number;
  /** Height and width of an input image in pixels. */
  readonly inputSize: number;
  /** Images `[batchSize, 3, inputSize, inputSize]`, RGB, −1 … 1. */
  run(images: HostTensor): Promise<HostTensor>;
  /** Frees the memory of the network; it cannot run afterwards. */
  dispose(): Promise<void>;
}

export interface FrozenProgramOptions extends ProgramOptions {
  /** Images a run; default 1. */
  readonly batchSize?: number;
}

async function load(
  network: (images: Tensor) => Tensor,
  inputSize: number,
  { batchSize = 1, ...session }: FrozenProgramOptions,
): Promise<FrozenProgram> {
  const compiled = compile(network, [spec([batchSize, 3, inputSize, inputSize])]);
  const program = await loadProgram(compiled, session);
  return {
    batchSize,
    inputSize,
    run: async (images) => (await program.run(images)) as HostTensor,
    dispose: program.dispose,
  };
}

const constants = <Weights>(weights: Tree<HostTensor>) => constantWeights<Weights>(weights);

/** The face detector for images of `inputSize`, divisible by 32 → `[batch, 25, cells, cells]`. */
export async function loadTinyFaceDetector(
  inputSize: number,
  options: FrozenProgramOptions = {},
): Promise<FrozenProgram> {
  if (inputSize % detectorCellSize !== 0) {
    throw new Error(`Expected a size divisible by ${detectorCellSize}, got ${inputSize}.`);
  }
  const weights = constants<TinyFaceDetectorWeights<Tensor>>(await readTinyFaceDetector());
  return load((images) => tinyFaceDetector(weights, images), inputSize, options);
}

/** The landmark network, 112 pixels → `[batch, 136]`. */
export async function loadFaceLandmarkNetwork(
  options: FrozenProgramOptions = {},
): Promise<FrozenProgram> {
  const weights = constants<FaceLandmarkWeights<Tensor>>(await readFaceLandmarkNetwork());
  return load((images) => faceLandmarkNetwork(weights, images), landmarkInputSize, options);
}

/** The identity embedding, 150 pixels → `[batch, 128]`. */
export async function loadFaceEmbedding(
  options: FrozenProgramOptions = {},
): Promise<FrozenProgram> {
  const weights = constants<FaceResNetWeights<Tensor>>(await readFaceResNet());
  return load((images) => faceEmbedding(weights, images), faceResNetInputSize, options);
}

/** The mean of Inception's `mixed5` over height and width, 299 pixels → `[batch, 768]`. */
export async function loadInceptionFeatures(
  options: FrozenProgramOptions = {},
): Promise<FrozenProgram> {
  const weights = constants<InceptionTrunkWeights<Tensor>>(await readInceptionTrunk());
  const network = (images: Tensor) => mean(inceptionTrunk(weights, images), { axes: [2, 3] });
  return load(network, inceptionInputSize, options);
}
