import {
  type Box,
  boundingBox,
  type ColorImage,
  distanceBetween,
  type FaceTools,
  intersectionOverUnion,
  type Landmarks,
  leftmostEye,
  rightmostEye,
} from '../../faces/index.ts';

/** The face that the networks see in an input image. */
export interface InputFace {
  readonly box: Box;
  /** 0 … 1. */
  readonly score: number;
  readonly landmarks: Landmarks;
  readonly embedding: Float32Array;
  /** Boxes of the other faces in the image. */
  readonly others: readonly Box[];
}

/** Boxes that share less than this are of different faces. */
export const sameFaceOverlap = 0.3;

/**
 * The face of an input image: the one whose box fits the true landmarks best, where those are known,
 * else the one with the best score; undefined where there is none.
 */
export async function findInputFace(
  tools: FaceTools,
  image: ColorImage,
  truth?: Landmarks,
): Promise<InputFace | undefined> {
  const detections = await tools.detect(image);
  const overlap = (box: Box) =>
    truth === undefined ? 1 : intersectionOverUnion(box, boundingBox(truth));
  const [best] = detections.toSorted((p, q) => overlap(q.box) - overlap(p.box));
  if (best === undefined || overlap(best.box) < sameFaceOverlap) return undefined;
  const landmarks = await tools.landmarks(image, best.box);
  return {
    ...best,
    landmarks,
    embedding: await tools.embedding(image, landmarks),
    others: detections.filter((d) => d !== best).map(({ box }) => box),
  };
}

/** The mean distance between landmarks of one order, in pixels. */
export function meanDistance(first: Landmarks, second: Landmarks): number {
  return first.reduce((sum, point, i) => sum + distanceBetween(point, second[i]), 0) / first.length;
}

/**
 * The length that landmark distances are divided by: the distance between the eyes, but at least a
 * quarter of the face's box, because the eyes of a profile are close to each other.
 */
export function faceUnit({ box, landmarks }: Pick<InputFace, 'box' | 'landmarks'>): number {
  const eyes = distanceBetween(leftmostEye(landmarks), rightmostEye(landmarks));
  return Math.max(eyes, Math.max(box.width, box.height) / 4);
}

/** The cosine of the angle between two embeddings, −1 … 1. */
export function cosine(first: Float32Array, second: Float32Array): number {
  let [product, a, b] = [0, 0, 0];
  for (let i = 0; i < first.length; i++) {
    product += first[i] * second[i];
    a += first[i] ** 2;
    b += second[i] ** 2;
  }
  return a > 0 && b > 0 ? product / Math.sqrt(a * b) : 0;
}
