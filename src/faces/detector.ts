import { detectorAnchors } from '../models/frozen/index.ts';
import { HostTensor } from '../tensor/host-tensor.ts';
import type { FrozenProgram } from './frozen-program.ts';
import { type Box, intersectionOverUnion, sharedPart } from './geometry.ts';
import { type ColorImage, warp } from './resample.ts';

/** A face found in an image. */
export interface Detection {
  /** In pixels of the image; it holds brows, eyes, nose, mouth and chin tightly. */
  readonly box: Box;
  /** 0 … 1. */
  readonly score: number;
}

/** Values in 0 … 255 as network input `[1, 3, size, size]` in −1 … 1. */
export function toNetworkInput(values: Float32Array, size: number): HostTensor {
  const data = new Float32Array(values.length);
  for (let i = 0; i < data.length; i++) data[i] = values[i] / 127.5 - 1;
  return new HostTensor([1, 3, size, size], data);
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/**
 * Boxes of raw predictions `[1, 25, cells, cells]` in units of the network's input: 0 … 1 along
 * both axes (Redmon and Farhadi 2017, arXiv 1612.08242, section 2).
 */
export function decodeDetections({ shape, data }: HostTensor, minimumScore: number): Detection[] {
  const cells = shape[2];
  const found: Detection[] = [];
  for (const [anchor, [anchorWidth, anchorHeight]] of detectorAnchors.entries()) {
    for (let cell = 0; cell < cells * cells; cell++) {
      const value = (k: number) => data[(anchor * 5 + k) * cells * cells + cell];
      const score = sigmoid(value(4));
      if (score <= minimumScore) continue;
      const [width, height] = [
        (Math.exp(value(2)) * anchorWidth) / cells,
        (Math.exp(value(3)) * anchorHeight) / cells,
      ];
      const x = ((cell % cells) + sigmoid(value(0))) / cells - width / 2;
      const y = (Math.floor(cell / cells) + sigmoid(value(1))) / cells - height / 2;
      found.push({ box: { x, y, width, height }, score });
    }
  }
  return found;
}

/**
 * The best of overlapping detections: none that shares more than `overlap` with a better one or
 * lies within one (eyes and mouth of a large face look like a small face).
 */
export function suppressOverlaps(detections: readonly Detection[], overlap = 0.4): Detection[] {
  const kept: Detection[] = [];
  for (const candidate of detections.toSorted((p, q) => q.score - p.score)) {
    const repeats = kept.some(
      ({ box }) =>
        intersectionOverUnion(box, candidate.box) > overlap || sharedPart(box, candidate.box) > 0.7,
    );
    if (!repeats) kept.push(candidate);
  }
  return kept;
}

/** Raw detections of one network size, in pixels of the image. */
export async function detectAtSize(
  program: FrozenProgram,
  image: ColorImage,
  minimumScore: number,
): Promise<Detection[]> {
  const size = program.inputSize;
  const scale = size / Math.max(image.width, image.height);
  // As the network was trained: the image in the top-left corner of a black square.
  const input = warp(
    image,
    { a: scale, b: 0, dx: 0, dy: 0 },
    { width: size, height: size, outside: 'black', kernel: 'triangle' },
  );
  const output = await program.run(toNetworkInput(input, size));
  const toPixels = size / scale;
  return decodeDetections(output, minimumScore).map(({ box, score }) => ({
    score,
    box: {
      x: box.x * toPixels,
      y: box.y * toPixels,
      width: box.width * toPixels,
      height: box.height * toPixels,
    },
  }));
}
