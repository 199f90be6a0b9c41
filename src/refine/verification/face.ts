import {
  type Box,
  boundingBox,
  type ColorImage,
  type Detection,
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

/** Looks for the face of an input image, as {@link findInputFace} does. */
export type FindFace = (image: ColorImage, truth?: Landmarks) => Promise<InputFace | undefined>;

/**
 * What the detector calls a face from this score on may be one; where a face is known to be, it is.
 */
export const leastScore = 0.1;
/** What it calls a face from this score on is one. */
export const certainScore = 0.5;

/**
 * The face of an input image: where its true landmarks are known, the one whose box fits them best,
 * from {@link leastScore} on; else the one with the best score, from {@link certainScore} on.
 * Undefined where there is none.
 */
export async function findInputFace(
  tools: FaceTools,
  image: ColorImage,
  truth?: Landmarks,
): Promise<InputFace | undefined> {
  const detections = await tools.detect(image, { minimumScore: leastScore });
  const chosen = chooseFace(detections, truth);
  return chosen && describeFace(tools, image, { chosen, detections });
}

/** Which of the detections from {@link leastScore} on, best first, {@link findInputFace} means. */
export function chooseFace(
  detections: readonly Detection[],
  truth?: Landmarks,
): Detection | undefined {
  if (truth === undefined) return detections.find(({ score }) => score >= certainScore);
  const overlap = (box: Box) => intersectionOverUnion(box, boundingBox(truth));
  const [best] = detections.toSorted((p, q) => overlap(q.box) - overlap(p.box));
  return best !== undefined && overlap(best.box) >= sameFaceOverlap ? best : undefined;
}

/** The landmarks and the identity of a detected face. */
export async function describeFace(
  tools: FaceTools,
  image: ColorImage,
  { chosen, detections }: { readonly chosen: Detection; readonly detections: readonly Detection[] },
): Promise<InputFace> {
  const landmarks = await tools.landmarks(image, chosen.box);
  return {
    ...chosen,
    landmarks,
    embedding: await tools.embedding(image, landmarks),
    others: detections
      .filter((other) => other !== chosen && other.score >= certainScore)
      .map(({ box }) => box),
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
