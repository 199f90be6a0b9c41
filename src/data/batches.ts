import { permutation, type RandomKey, split, uniform } from '../base/random.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { createImageSource, type ImageSourceOptions, type SourceSummary } from './image-source.ts';
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
}

/** Batches of a set in a random order. */
export interface BatchSource {
  /**
   * Batch number `step` (from 0), `[batch, channels, height, width]` in −1 … 1. Its content is a
   * pure function of key, step, the file list and which files are broken, so a resumed run goes on
   * with the same images. Starts decoding the next `ahead` batches. The values are overwritten by
   * the second next call.
   *
   * @throws {UserError} once more than `maxBroken` of the set is broken.
   */
  batch(step: number): Promise<HostTensor>;
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
  const { batchSize, key, flip = false, ahead = 3, channels, height, width } = options;
  const source = createImageSource(options);
  const orderOf = createOrder(key, source.count);
  const imageLength = channels * height * width;
  const shape = [batchSize, channels, height, width] as const;
  const ring = Array.from({ length: ringSize }, () => hostTensor(shape));
  const waiting = new Map<number, Promise<readonly Uint8Array[]>>();
  let calls = 0;

  function drawsOf(step: number): Draw[] {
    return Array.from({ length: batchSize }, (_, i) => {
      const sample = step * batchSize + i;
      const mirrored = flip && uniform(split(key, 'flip', sample), 1)[0] < 0.5;
      return { sample, index: orderOf(sample), flip: mirrored };
    });
  }

  /** The bytes of a draw; where its file is broken, those of the first sound file drawn instead. */
  async function load({ sample, index }: Draw): Promise<Uint8Array> {
    let pixels = await source.load(index);
    for (let attempt = 0; pixels === undefined; attempt++) {
      const [u] = uniform(split(key, 'replacement', sample, attempt), 1);
      pixels = await source.load(Math.floor(u * source.count));
    }
    return pixels;
  }

  function start(step: number): Promise<readonly Uint8Array[]> {
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
      const images = await loading;
      const target = ring[calls++ % ringSize];
      for (const [i, draw] of drawsOf(step).entries()) {
        bytesToValues(images[i], target.data, { width, flip: draw.flip, offset: i * imageLength });
      }
      return target;
    },
    prefetch: (step) => void start(step),
    inspect: source.inspect,
    summary: source.summary,
  };
}
