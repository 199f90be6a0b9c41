import { join } from 'node:path';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import type { RenderedImage } from '../render-image.ts';
import type { Scene } from '../scene/scene.ts';
import { encodePng } from './png.ts';

/** One line of `metadata.jsonl`. */
export interface Annotation {
  readonly file_name: string;
  readonly parts_file_name: string;
  readonly depth_file_name?: string;
  readonly normals_file_name?: string;
  /** 68 × [x, y], iBUG order, pixels, origin at the top-left corner of the top-left pixel. */
  readonly landmarks: readonly (readonly [number, number])[];
  readonly landmarks_visible: readonly (0 | 1)[];
  /** Yaw, pitch and roll in degrees. */
  readonly pose: readonly [number, number, number];
  /** Box of the landmarks: x, y, width, height. */
  readonly bbox: readonly [number, number, number, number];
  readonly identity: number;
  /** The scene; rendered again at the same size it gives the same bytes. */
  readonly parameters: Scene;
}

/** `000000`, the name of an image without its ending. */
export function imageStem(index: number): string {
  return String(index).padStart(6, '0');
}

export interface AnnotatedImage {
  readonly index: number;
  readonly identity: number;
  readonly scene: Scene;
  readonly rendered: RenderedImage;
}

export function annotationOf({ index, identity, scene, rendered }: AnnotatedImage): Annotation {
  const stem = imageStem(index);
  const { yaw, pitch, roll } = scene.pose;
  return {
    file_name: `${stem}.png`,
    parts_file_name: `${stem}.parts.png`,
    ...(rendered.depth ? { depth_file_name: `${stem}.depth.png` } : {}),
    ...(rendered.normals ? { normals_file_name: `${stem}.normals.png` } : {}),
    landmarks: rendered.landmarks,
    landmarks_visible: rendered.visible,
    pose: [yaw, pitch, roll],
    bbox: rendered.boundingBox,
    identity,
    parameters: scene,
  };
}

/**
 * Writes the image and its maps, each whole or not at all where the program is killed: a set is
 * taken as it lies there, and half an image would be one of it. Thousands of small files are not
 * synced.
 */
export async function writeImageFiles(folder: string, image: AnnotatedImage): Promise<void> {
  const { rendered } = image;
  const { size: width, size: height, channels } = rendered;
  const path = (ending: string) => join(folder, `${imageStem(image.index)}${ending}`);
  const write = (ending: string, channels: 1 | 3, data: Uint8Array | Uint16Array) =>
    writeFileAtomically(path(ending), encodePng({ width, height, channels, data }), {
      sync: false,
    });
  await Promise.all([
    write('.png', channels, rendered.image),
    write('.parts.png', 1, rendered.parts),
    rendered.depth && write('.depth.png', 1, rendered.depth),
    rendered.normals && write('.normals.png', 3, rendered.normals),
  ]);
}
