import { type RandomKey, split } from '../base/random.ts';
import { BrokenImageError, type DecodedImage, decodeImage } from '../data/decode.ts';
import { luma } from '../data/pixels.ts';
import {
  applySimilarity,
  type Box,
  boundingBox,
  type ColorImage,
  estimatePose,
  type FaceTools,
  type Landmarks,
  type Pose,
  type Similarity,
  warp,
} from '../faces/index.ts';
import { blurOf, type Plane } from './blur.ts';
import type { PrepareConfig } from './config.ts';
import { type ChosenCrop, chooseCrop, type FramingDraw } from './draw-framing.ts';
import { cropMap } from './framing.ts';
import { hashedSize, perceptualHash } from './perceptual-hash.ts';

/** Why a photograph or a face in it gives no crop. */
export const dropReasons = [
  'unreadable',
  'no-face',
  'too-small',
  'blurred',
  'extreme-crop',
  'near-duplicate',
] as const;
export type DropReason = (typeof dropReasons)[number];

/**
 * Where the face of a hash lies in the hashed image: tight, so that the photograph's edge hardly
 * counts.
 */
const hashFraming = { scale: 0.65, centerX: 0.5, centerY: 0.5, roll: 0 };

/**
 * Landmarks that the mean face fits worse than this are no face; all of 879 portraits were below
 * 0.012.
 */
const worstFit = 0.025;

/** A crop with what is known of it, not yet written. */
export interface FaceCrop {
  readonly kind: 'crop';
  /** `[channels, size, size]`, 8 bits. */
  readonly pixels: Uint8Array;
  /** In pixels of the crop, like `box`. */
  readonly landmarks: Landmarks;
  readonly box: Box;
  readonly score: number;
  /** Yaw, pitch and roll in degrees. */
  readonly pose: readonly [number, number, number];
  readonly fill: number;
  readonly enlargement: number;
  readonly blur: number;
  readonly hash: string;
}

export interface DroppedFace {
  readonly kind: 'dropped';
  readonly reason: DropReason;
  /** For people, such as what is wrong with the file. */
  readonly detail?: string;
}

export interface PhotographOptions {
  /** Of this photograph alone. */
  readonly key: RandomKey;
  readonly tools: FaceTools;
  readonly draw: FramingDraw;
  readonly config: PrepareConfig;
}

/** Decodes a photograph; a string says why that cannot be done. */
export async function readPhotograph(path: string): Promise<DecodedImage | string> {
  try {
    return await decodeImage(path, { channels: 3 });
  } catch (error) {
    if (error instanceof BrokenImageError) return error.reason;
    throw error;
  }
}

/**
 * The faces of a decoded photograph as crops, best detection first, with those that are dropped.
 */
export async function cropFaces(
  image: ColorImage,
  options: PhotographOptions,
): Promise<readonly (FaceCrop | DroppedFace)[]> {
  const { tools, config, key } = options;
  const { minimumScore } = config.detector;
  const results: (FaceCrop | DroppedFace)[] = [];
  for (const { box, score } of await tools.detect(image, { minimumScore })) {
    const landmarks = await tools.landmarks(image, box);
    const pose = estimatePose(landmarks);
    if (pose.residual > worstFit) continue;
    const choice = chooseCrop({
      landmarks,
      photograph: image,
      draw: options.draw,
      key: split(key, results.length),
      config,
    });
    results.push(
      typeof choice === 'string'
        ? { kind: 'dropped', reason: choice }
        : makeCrop(image, { landmarks, pose, score, choice, config }),
    );
  }
  return results.length > 0 ? results : [{ kind: 'dropped', reason: 'no-face' }];
}

interface CropOptions {
  readonly landmarks: Landmarks;
  /** In the photograph. */
  readonly pose: Pose;
  readonly score: number;
  readonly choice: ChosenCrop;
  readonly config: PrepareConfig;
}

function makeCrop(
  image: ColorImage,
  { landmarks, pose, score, choice, config }: CropOptions,
): FaceCrop | DroppedFace {
  const { size, grayscale, drop } = config;
  const { map, fill, enlargement } = choice;
  const values = warp(image, map, { width: size, height: size });
  const moved = landmarks.map((point) => applySimilarity(map, point));
  const grey = lumaPlane(values, size);
  const blur = blurOf(facePart(grey, boundingBox(moved)));
  if (blur > drop.blur) return { kind: 'dropped', reason: 'blurred' };
  return {
    kind: 'crop',
    pixels: roundToBytes(grayscale ? grey.values : values),
    landmarks: moved,
    box: boundingBox(moved),
    score,
    // The crop turns the image in its plane: R = R_z · R_y · R_x, so that only the roll changes.
    pose: [pose.yaw, pose.pitch, pose.roll - (Math.atan2(map.b, map.a) * 180) / Math.PI],
    fill,
    enlargement,
    blur,
    hash: hashFace(image, cropMap(landmarks, hashFraming, hashedSize)),
  };
}

function hashFace(image: ColorImage, map: Similarity): string {
  const size = { width: hashedSize, height: hashedSize };
  const values = warp(image, map, { ...size, kernel: 'triangle' });
  return perceptualHash(lumaPlane(values, hashedSize));
}

function lumaPlane(values: Float32Array, size: number): Plane {
  const count = size * size;
  const plane = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    plane[i] = luma(values[i], values[count + i], values[2 * count + i]);
  }
  return { width: size, height: size, values: plane };
}

function roundToBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = values[i] + 0.5;
  return bytes;
}

/** The part of a plane inside a box, at least 8 pixels large. */
function facePart({ width, height, values }: Plane, box: Box): Plane {
  const range = (start: number, length: number, size: number) => {
    const from = Math.min(Math.max(Math.floor(start), 0), size - 8);
    const to = Math.min(Math.max(Math.ceil(start + length), from + 8), size);
    return [from, to];
  };
  const [left, right] = range(box.x, box.width, width);
  const [top, bottom] = range(box.y, box.height, height);
  const part = new Float32Array((right - left) * (bottom - top));
  for (let y = top; y < bottom; y++) {
    part.set(values.subarray(y * width + left, y * width + right), (y - top) * (right - left));
  }
  return { width: right - left, height: bottom - top, values: part };
}
