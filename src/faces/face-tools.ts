import type { ProgramOptions } from '../runtime/program.ts';
import { type Detection, detectAtSize, suppressOverlaps } from './detector.ts';
import {
  type FrozenProgram,
  loadFaceEmbedding,
  loadFaceLandmarkNetwork,
  loadTinyFaceDetector,
} from './frozen-program.ts';
import type { Box } from './geometry.ts';
import { embedFace } from './identity.ts';
import { findLandmarks, type Landmarks } from './landmarks.ts';
import type { ColorImage } from './resample.ts';

export interface FaceToolsOptions extends Pick<ProgramOptions, 'device' | 'threads'> {
  /**
   * Sizes in pixels, divisible by 32, to which photographs are scaled before the detector looks;
   * its smallest faces are about 30 pixels wide then. Default 96, 128, 224, 416, 608, 960, 1280.
   */
  readonly detectorSizes?: readonly number[];
}

export interface DetectOptions {
  /** Detections below are left out, 0 … 1; default 0.5. */
  readonly minimumScore?: number;
}

/** Finds and describes faces with the frozen networks. */
export interface FaceTools {
  /**
   * The faces of an image, best score first, looked for at every detector size up to 224 pixels or
   * 1.25 times the longer side of the image, whichever is larger.
   */
  detect(image: ColorImage, options?: DetectOptions): Promise<readonly Detection[]>;
  /**
   * The 68 landmarks of the face in a box; 2 passes (the default) are a little more exact than 1.
   */
  landmarks(image: ColorImage, box: Box, options?: { readonly passes?: 1 | 2 }): Promise<Landmarks>;
  /** The identity of the face with these landmarks: 128 numbers. */
  embedding(image: ColorImage, landmarks: Landmarks): Promise<Float32Array>;
  /** Frees the networks' memory. */
  dispose(): Promise<void>;
}

const defaultSizes = [96, 128, 224, 416, 608, 960, 1280] as const;
const alwaysUsed = 224;

/** A value that is made when it is first asked for. */
function lazy<T>(make: () => Promise<T>): { get(): Promise<T>; made(): Promise<T> | undefined } {
  let value: Promise<T> | undefined;
  return {
    get: () => {
      value ??= make();
      return value;
    },
    made: () => value,
  };
}

/**
 * Prepares the face networks; each is loaded when it is first needed. On the CPU they run on worker
 * threads, so that images looked at concurrently use all cores.
 */
export async function loadFaceTools(options: FaceToolsOptions = {}): Promise<FaceTools> {
  const { detectorSizes = defaultSizes, ...rest } = options;
  const session = { ...rest, background: true };
  const detectors = detectorSizes
    .toSorted((a, b) => a - b)
    .map((size) => ({ size, program: lazy(() => loadTinyFaceDetector(size, session)) }));
  const landmarkNetwork = lazy(() => loadFaceLandmarkNetwork({ ...session, batchSize: 2 }));
  const embeddingNetwork = lazy(() => loadFaceEmbedding(session));
  const all: { made(): Promise<FrozenProgram> | undefined }[] = [
    ...detectors.map(({ program }) => program),
    landmarkNetwork,
    embeddingNetwork,
  ];
  return {
    detect: async (image, { minimumScore = 0.5 } = {}) => {
      const limit = Math.max(alwaysUsed, 1.25 * image.width, 1.25 * image.height);
      const found: Detection[] = [];
      for (const { program } of detectors.filter(({ size }) => size <= limit)) {
        found.push(...(await detectAtSize(await program.get(), image, minimumScore)));
      }
      return suppressOverlaps(found);
    },
    landmarks: async (image, box, { passes = 2 } = {}) =>
      findLandmarks(await landmarkNetwork.get(), image, { box, passes }),
    embedding: async (image, landmarks) =>
      embedFace(await embeddingNetwork.get(), image, landmarks),
    dispose: async () => {
      for (const program of all) await (await program.made())?.dispose();
    },
  };
}
