import { toNetworkInput } from './detector.ts';
import type { FrozenProgram } from './frozen-program.ts';
import { fitSimilarity, type Point } from './geometry.ts';
import type { Landmarks } from './landmarks.ts';
import { type ColorImage, warp } from './resample.ts';

/**
 * Where dlib puts the outer and inner corners of the eyes and the base of the nose of a face that
 * it was trained to recognise, in a unit square (dlib 19, `get_face_chip_details`).
 */
const template: readonly (readonly [landmark: number, at: Point])[] = [
  [45, [0.8595674595992, 0.2134981538014]],
  [42, [0.6460604764104, 0.2289674387677]],
  [36, [0.1205750620789, 0.2137274526848]],
  [39, [0.3340850613712, 0.2290642403242]],
  [33, [0.4901123135679, 0.6277975316475]],
];

/** Around the template, as a fraction of its size. */
const margin = 0.25;

/**
 * The face turned, scaled and cropped as the face ResNet expects it: `[3, size, size]`, 0 … 255.
 */
export function identityCrop(image: ColorImage, landmarks: Landmarks, size: number): Float32Array {
  const map = fitSimilarity(
    template.map(([landmark]) => landmarks[landmark]),
    template.map(([, [x, y]]): Point => {
      const scale = size / (1 + 2 * margin);
      return [(x + margin) * scale, (y + margin) * scale];
    }),
  );
  return warp(image, map, { width: size, height: size, outside: 'black', kernel: 'triangle' });
}

/** 128 numbers; faces of one person are less than about 0.6 apart (Euclidean). */
export async function embedFace(
  program: FrozenProgram,
  image: ColorImage,
  landmarks: Landmarks,
): Promise<Float32Array> {
  const crop = identityCrop(image, landmarks, program.inputSize);
  return (await program.run(toNetworkInput(crop, program.inputSize))).data;
}
