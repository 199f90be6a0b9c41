import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
 * Writes the image and its maps. Their line in `metadata.jsonl`, which is appended afterwards, says
 * that they are complete, so they need no temporary names.
 */
export async function writeImageFiles(folder: string, image: AnnotatedImage): Promise<void> {
  const { rendered } = image;
  const { size: width, size: height, channels } = rendered;
  const path = (ending: string) => join(folder, `${imageStem(image.index)}${ending}`);
  const grid = { width, height };
  const files = [
    writeFile(path('.png'), encodePng({ ...grid, channels, data: rendered.image })),
    writeFile(path('.parts.png'), encodePng({ ...grid, channels: 1, data: rendered.parts })),
  ];
  if (rendered.depth) {
    const png = encodePng({ ...grid, channels: 1, data: rendered.depth });
    files.push(writeFile(path('.depth.png'), png));
  }
  if (rendered.normals) {
    const png = encodePng({ ...grid, channels: 3, data: rendered.normals });
    files.push(writeFile(path('.normals.png'), png));
  }
  await Promise.all(files);
}
