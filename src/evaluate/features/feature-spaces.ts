import { type ColorImage, type FrozenProgram, loadInceptionFeatures } from '../../faces/index.ts';
import type { FindFace } from '../../refine/verification/face.ts';
import { HostTensor } from '../../tensor/host-tensor.ts';
import { fitImage } from './fit-image.ts';

/** A network whose features are compared, and what its numbers may be compared with. */
export interface FeatureSpace {
  /** Part of every metric's name, such as `inception-mixed5`. */
  readonly name: string;
  /** Names of its distances. */
  readonly metrics: { readonly kernel: string; readonly frechet: string };
  /** Changes with whatever changes the numbers. */
  readonly version: string;
  readonly dimensions: number;
  readonly comparableWith: string;
  /** The features of an image, or undefined where it has none (no face). */
  extract(image: ColorImage): Promise<Float32Array | undefined>;
  /** Frees the network. */
  dispose(): Promise<void>;
}

const comparable =
  'Only with numbers of this same space, image size and channel count, measured by this program.';

/**
 * The mean over height and width of Inception-v3's `mixed5` (ImageNet weights), 768 numbers:
 * texture, colour, blur and noise. Images are enlarged to 299 pixels bilinearly. Not FID or KID.
 */
export function inceptionSpace(): FeatureSpace {
  // Loaded when it is first needed: everything may be in the cache.
  let loading: Promise<FrozenProgram> | undefined;
  return {
    name: 'inception-mixed5',
    metrics: { kernel: 'kid-inception-mixed5', frechet: 'fd-inception-mixed5' },
    version: '1',
    dimensions: 768,
    comparableWith: `${comparable} Not FID or KID: those use another layer of another Inception.`,
    extract: async (image) => {
      loading ??= loadInceptionFeatures({ threads: 1, background: true });
      const program = await loading;
      const size = program.inputSize;
      const values = fitImage(image, { height: size, width: size });
      for (let i = 0; i < values.length; i++) values[i] = values[i] / 127.5 - 1;
      return (await program.run(new HostTensor([1, 3, size, size], values))).data.slice();
    },
    dispose: async () => (await loading)?.dispose(),
  };
}

/**
 * The identity embedding of dlib's face ResNet, 128 numbers: the face alone, nearly blind to colour
 * and mild blur, so it says whether faces look like faces, not whether pictures look like pictures.
 */
export function faceSpace(findFace: FindFace): FeatureSpace {
  return {
    name: 'face-identity',
    metrics: { kernel: 'kid-face-identity', frechet: 'fd-face-identity' },
    version: '2',
    dimensions: 128,
    comparableWith: `${comparable} Images without a found face are left out.`,
    extract: async (image) => (await findFace(image))?.embedding,
    dispose: async () => {},
  };
}
