import { distanceBetween, meanPoint, type Point, type Similarity } from '../../faces/index.ts';

/** A square that frames a face alike in renders and photographs. */
export interface FaceFrame {
  readonly centre: Point;
  /** Pixels of the image. */
  readonly side: number;
}

/** Outer and inner corners of the eyes and corners of the mouth: any labelled set has them. */
export const anchorLandmarks = [36, 39, 42, 45, 48, 54] as const;

/**
 * The frame of a face from the corners of eyes and mouth. The distance from eyes to mouth counts
 * beside the width of the eyes, because a turned face is narrow.
 */
export function faceFrame(landmarks: readonly Point[]): FaceFrame {
  const eyes = meanPoint([36, 39, 42, 45].map((i) => landmarks[i]));
  const mouth = meanPoint([48, 54].map((i) => landmarks[i]));
  const width = distanceBetween(landmarks[36], landmarks[45]);
  const height = distanceBetween(eyes, mouth);
  return { centre: meanPoint([eyes, mouth]), side: 2.2 * Math.max(width, 1.2 * height, 1) };
}

/**
 * The map from the image to a square of `size` pixels that shows the frame and a margin around it.
 */
export function frameMap(
  { centre, side }: FaceFrame,
  { size, margin }: { readonly size: number; readonly margin: number },
): Similarity {
  const scale = size / (side * margin);
  return { a: scale, b: 0, dx: size / 2 - scale * centre[0], dy: size / 2 - scale * centre[1] };
}
