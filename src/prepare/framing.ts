import type { ImageSize } from '../data/decode.ts';
import {
  applySimilarity,
  boundingBox,
  distanceBetween,
  invertSimilarity,
  type Landmarks,
  leftmostEye,
  meanPoint,
  mouthCenter,
  type Point,
  rightmostEye,
  type Similarity,
} from '../faces/index.ts';

/** Where a face lies in its image: what a crop can change. */
export interface Framing {
  /**
   * Size of the face as a share of the image's height: the larger of twice the distance of the eyes
   * and 1.8 times that from eyes to mouth (the crop of FFHQ, Karras et al. 2019, arXiv 1812.04948),
   * so that neither yaw nor pitch shrinks it much.
   */
  readonly scale: number;
  /** The point between eyes and mouth, as a share of the image's width. */
  readonly centerX: number;
  /** The same as a share of the height. */
  readonly centerY: number;
  /** Degrees by which the face is turned anticlockwise in the image plane. */
  readonly roll: number;
}

interface FaceFrame {
  readonly center: Point;
  /** Pixels. */
  readonly size: number;
  /** Degrees, anticlockwise. */
  readonly roll: number;
}

/**
 * Center, size and turn of a face, from its eyes and mouth alone: other points differ by
 * convention.
 */
function faceFrame(landmarks: Landmarks): FaceFrame {
  const [left, right] = [leftmostEye(landmarks), rightmostEye(landmarks)];
  const [eyes, mouth] = [meanPoint([left, right]), mouthCenter(landmarks)];
  const size = Math.max(2 * distanceBetween(left, right), 1.8 * distanceBetween(eyes, mouth));
  // FFHQ's horizontal axis: the line of the eyes plus the perpendicular of that from eyes to mouth.
  const x = right[0] - left[0] + mouth[1] - eyes[1];
  const y = right[1] - left[1] - (mouth[0] - eyes[0]);
  const roll = (-Math.atan2(y, x) * 180) / Math.PI;
  return { center: meanPoint([eyes, mouth]), size, roll };
}

/** The framing of a face with these landmarks (pixels) in an image. */
export function framingOf(landmarks: Landmarks, { width, height }: ImageSize): Framing {
  const { center, size, roll } = faceFrame(landmarks);
  return { scale: size / height, centerX: center[0] / width, centerY: center[1] / height, roll };
}

/** The map from a photograph to a square crop of `size` pixels in which the face has a framing. */
export function cropMap(landmarks: Landmarks, framing: Framing, size: number): Similarity {
  const face = faceFrame(landmarks);
  const scale = (framing.scale * size) / face.size;
  // y points down, so a turn by a positive angle is clockwise as seen.
  const angle = ((face.roll - framing.roll) * Math.PI) / 180;
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const [x, y] = applySimilarity({ a, b, dx: 0, dy: 0 }, face.center);
  return { a, b, dx: framing.centerX * size - x, dy: framing.centerY * size - y };
}

/**
 * How far the mirror image of the head reaches into a crop that goes over the edge of its
 * photograph, in pixels of the photograph; 0 where only surroundings are mirrored. The head is
 * taken as the landmarks' box and a margin for hair and ears.
 */
export function mirroredHead(
  landmarks: Landmarks,
  { map, size, photograph }: CropGeometry,
): number {
  const face = boundingBox(landmarks);
  const back = invertSimilarity(map);
  const crop = boundingBox(squareCorners(size).map((corner) => applySimilarity(back, corner)));
  const [side, top] = [0.2 * face.width, 0.6 * face.height];
  // Over the edge at each side, and from there to the head.
  const sides = [
    [-crop.x, face.x - side],
    [crop.x + crop.width - photograph.width, photograph.width - face.x - face.width - side],
    [-crop.y, face.y - top],
    [crop.y + crop.height - photograph.height, photograph.height - face.y - face.height],
  ];
  return Math.max(0, ...sides.map(([over, gap]) => (over > 0 ? over - Math.max(gap, 0) : 0)));
}

/** A square crop of `size` pixels, the map to it and the photograph it comes from. */
export interface CropGeometry {
  readonly map: Similarity;
  readonly size: number;
  readonly photograph: ImageSize;
}

function squareCorners(size: number): Point[] {
  return [
    [0, 0],
    [size, 0],
    [size, size],
    [0, size],
  ];
}

/** The share of a square crop, 0 … 1, that lies outside of the photograph. */
export function outsideShare({ map, size, photograph }: CropGeometry): number {
  const { width, height } = photograph;
  const corners: Point[] = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
  const inside = clipToSquare(
    corners.map((corner) => applySimilarity(map, corner)),
    size,
  );
  return Math.min(Math.max(1 - Math.abs(polygonArea(inside)) / (size * size), 0), 1);
}

/** The part of a convex polygon inside 0 … size (Sutherland and Hodgman 1974). */
function clipToSquare(polygon: readonly Point[], size: number): Point[] {
  const sides: readonly ((point: Point) => number)[] = [
    ([x]) => x,
    ([x]) => size - x,
    ([, y]) => y,
    ([, y]) => size - y,
  ];
  return sides.reduce<Point[]>(
    (points, depth) =>
      points.flatMap((point, i) => {
        const before = points[(i + points.length - 1) % points.length];
        const [d, e] = [depth(before), depth(point)];
        const t = d / (d - e);
        const crossing: Point = [
          before[0] + t * (point[0] - before[0]),
          before[1] + t * (point[1] - before[1]),
        ];
        const crosses = d < 0 !== e < 0;
        return [...(crosses ? [crossing] : []), ...(e >= 0 ? [point] : [])];
      }),
    [...polygon],
  );
}

function polygonArea(polygon: readonly Point[]): number {
  return polygon.reduce((sum, [x, y], i) => {
    const [u, v] = polygon[(i + 1) % polygon.length];
    return sum + (x * v - u * y) / 2;
  }, 0);
}
