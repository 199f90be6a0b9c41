import type { ImageSize } from './decode.ts';

/** The size of an image, and the one that `decodeImage` crops and resizes it to, in pixels. */
export interface FittedSizes {
  readonly image: ImageSize;
  readonly target: ImageSize;
}

/** Where the pixels of a resized and cropped image come from, along height or width. */
export function sourcePositions(image: number, resized: number, target: number): number[] {
  const skipped = Math.floor((resized - target) / 2);
  return Array.from({ length: target }, (_, i) => ((i + skipped + 0.5) * image) / resized);
}

/** The size of an image that covers the target, before its centre is cropped. */
export function coveringSize({ image, target }: FittedSizes): ImageSize {
  const scale = Math.max(target.height / image.height, target.width / image.width);
  const side = (size: number) => Math.round(size * scale);
  return { height: side(image.height), width: side(image.width) };
}
