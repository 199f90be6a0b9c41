import { permutation, type RandomKey, split, uniform } from '../base/random.ts';
import { landmarkCount } from '../models/frozen/face-landmarks.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import type { Annotation, AnnotationSource } from './annotation-source.ts';
import { createImageSource, type ImageSourceOptions, type SourceSummary } from './image-source.ts';
import { mirrorLandmarks } from './landmarks.ts';
import { copyPartCodes } from './part-masks.ts';
import { bytesToValues } from './pixels.ts';

/** Options of `createBatchSource`. */
export interface BatchSourceOptions extends ImageSourceOptions {
  /** Images a batch, at least 1. */
  readonly batchSize: number;
  readonly key: RandomKey;
  /** Mirrors each image left and right with probability ½. Default false. */
  readonly flip?: boolean;
  /** Batches that are decoded ahead of the one asked for. Default 3. */
  readonly ahead?: number;
  /** What comes with the images; default nothing. */
  readonly annotations?: AnnotationSource | undefined;
}

/** Images with what is known of them, mirrored and resized together. */
export interface Batch {
  /** `[batch, channels, height, width]` in −1 … 1. */
  readonly images: HostTensor;
  /** Part codes, `[batch, 1, height, width]`; only where asked for. */
  readonly parts?: HostTensor;
  /** Landmarks in pixels, `[batch, 68, 2]`; only where asked for. */
  readonly landmarks?: HostTensor;
}

/** Batches of a set in a random order. */
export interface BatchSource {
  /**
   * Batch number `step` (from 0). Its content is a
   * pure function of key, step, the file list and which files are broken, so a resumed run goes on
   * with the same images. Starts decoding the next `ahead` batches. The values are overwritten by
   * the second next call.
   *
   * @throws {UserError} once more than `maxBroken` of the set is broken.
   */
  batch(step: number): Promise<Batch>;
  /** Starts decoding batch `step`, so that a later `batch(step)` need not wait. */
  prefetch(step: number): void;
  /** Refuses a set with too many broken files at once, from their first bytes; optional. */
  inspect(): Promise<void>;
  summary(): SourceSummary;
}

/** An image that was drawn: its place in the file list, and whether it is mirrored. */
interface Draw {
  readonly sample: number;
  readonly index: number;
  readonly flip: boolean;
}

/** An image with its annotation, before it is mirrored. */
interface Loaded extends Annotation {
  readonly pixels: Uint8Array;
  readonly flip: boolean;
}

const ringSize = 2;

/** Sample number n is at place n mod `count` of the order of epoch ⌊n / count⌋. */
function createOrder(key: RandomKey, count: number): (sample: number) => number {
  // A batch that spans two epochs alternates between their orders, so the last two are kept.
  const orders = new Map<number, Int32Array>();
  return (sample) => {
    const epoch = Math.floor(sample / count);
    let order = orders.get(epoch);
    if (order === undefined) {
      order = permutation(split(key, 'epoch', epoch), count);
      orders.set(epoch, order);
      if (orders.size > 2) orders.delete(orders.keys().next().value as number);
    }
    return order[sample % count];
  };
}

/**
 * A source of random batches: every epoch visits each image once in an order of its own; a broken
 * file is replaced by another draw. Decoding runs ahead in the background; what waits is kept as
 * bytes, and two float32 buffers are used in turn, so memory stays flat.
 */
export function createBatchSource(options: BatchSourceOptions): BatchSource {
  const { batchSize, key, flip = false, ahead = 3, annotations } = options;
  const { channels, height, width } = options;
  const source = createImageSource(options);
  const orderOf = createOrder(key, source.count);
  const ring = Array.from({ length: ringSize }, (): Batch => {
    const planes = (count: number) => hostTensor([batchSize, count, height, width]);
    return {
      images: planes(channels),
      ...(annotations?.parts && { parts: planes(1) }),
      ...(annotations?.landmarks && { landmarks: hostTensor([batchSize, landmarkCount, 2]) }),
    };
  });
  const waiting = new Map<number, Promise<readonly Loaded[]>>();
  let calls = 0;

  function drawsOf(step: number): Draw[] {
    return Array.from({ length: batchSize }, (_, i) => {
      const sample = step * batchSize + i;
      const mirrored = flip && uniform(split(key, 'flip', sample), 1)[0] < 0.5;
      return { sample, index: orderOf(sample), flip: mirrored };
    });
  }

  /** A draw; where its file is broken, the first sound file drawn instead. */
  async function load({ sample, index, flip }: Draw): Promise<Loaded> {
    let chosen = index;
    let pixels = await source.load(chosen);
    for (let attempt = 0; pixels === undefined; attempt++) {
      const [u] = uniform(split(key, 'replacement', sample, attempt), 1);
      chosen = Math.floor(u * source.count);
      pixels = await source.load(chosen);
    }
    return { pixels, flip, ...(await annotations?.load(chosen)) };
  }

  function start(step: number): Promise<readonly Loaded[]> {
    let loading = waiting.get(step);
    if (loading === undefined) {
      loading = Promise.all(drawsOf(step).map(load));
      // A failure ahead of time is reported by the call that needs the batch.
      loading.catch(() => {});
      waiting.set(step, loading);
    }
    return loading;
  }

  return {
    async batch(step) {
      const loading = start(step);
      for (let next = 1; next <= ahead; next++) start(step + next);
      for (const known of waiting.keys()) {
        if (known <= step || known > step + ahead) waiting.delete(known);
      }
      const loaded = await loading;
      const target = ring[calls++ % ringSize];
      for (const [i, one] of loaded.entries()) write(one, target, i, width);
      return target;
    },
    prefetch: (step) => void start(step),
    inspect: source.inspect,
    summary: source.summary,
  };
}

/** Writes an image with its annotation as number `i` of a batch. */
function write(loaded: Loaded, target: Batch, i: number, width: number): void {
  const { pixels, parts, landmarks, flip } = loaded;
  bytesToValues(pixels, target.images.data, { width, flip, offset: i * pixels.length });
  if (parts !== undefined) {
    copyPartCodes(parts, target.parts!.data, { width, flip, offset: i * parts.length });
  }
  if (landmarks !== undefined) {
    const points = flip ? mirrorLandmarks(landmarks, width) : landmarks;
    target.landmarks!.data.set(points, i * points.length);
  }
}
