import { type RandomKey, uniform } from '../base/random.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';

/** The content of a history buffer as plain data, for checkpoints. */
export interface HistoryState {
  /** Images at most. */
  readonly capacity: number;
  /** `[size, channels, height, width]`: the images held, exactly. */
  readonly images: HostTensor;
}

/** Refined images of earlier steps. All randomness comes from the keys given. */
export interface HistoryBuffer {
  readonly capacity: number;
  /** Images held now, 0 … `capacity`. */
  readonly size: number;
  /** `count` different images at random, `[count, channels, height, width]`; `count` ≤ `size`. */
  sample(key: RandomKey, count: number): HostTensor;
  /**
   * Takes in `images` `[count, channels, height, width]`: appends while there is room, after that
   * overwrites different images at random.
   */
  replace(key: RandomKey, images: HostTensor): void;
  /** The content now. A view: write it out or copy it before the next `replace`. */
  state(): HistoryState;
}

/** `count` different numbers of 0 … `size` − 1 in O(count) (Floyd's algorithm). */
function distinctIndices(key: RandomKey, count: number, size: number): number[] {
  const u = uniform(key, count);
  const chosen = new Set<number>();
  for (let i = 0; i < count; i++) {
    const last = size - count + i;
    const candidate = Math.floor(u[i] * (last + 1));
    chosen.add(chosen.has(candidate) ? last : candidate);
  }
  return [...chosen];
}

/** A buffer with the content of a state; the state is copied. */
export function restoreHistoryBuffer(state: HistoryState): HistoryBuffer {
  const { capacity } = state;
  const [initialSize, ...imageShape] = state.images.shape;
  const length = imageShape.reduce((product, extent) => product * extent, 1);
  let size = initialSize;
  let values = state.images.data.slice();

  function reserve(count: number): void {
    if (count * length <= values.length) return;
    // Doubling: growing one array keeps a buffer of many thousand images in one piece.
    const grown = new Float32Array(Math.min(capacity, Math.max(count, 2 * size)) * length);
    grown.set(values.subarray(0, size * length));
    values = grown;
  }

  return {
    capacity,
    get size() {
      return size;
    },
    sample(key, count) {
      if (count > size) throw new Error(`Expected at most ${size} images to sample, got ${count}.`);
      const images = hostTensor([count, ...imageShape]);
      for (const [i, index] of distinctIndices(key, count, size).entries()) {
        images.data.set(values.subarray(index * length, (index + 1) * length), i * length);
      }
      return images;
    },
    replace(key, images) {
      const count = images.shape[0];
      if (images.data.length !== count * length) {
        throw new Error(
          `Expected images [${imageShape.join(', ')}], got [${images.shape.slice(1).join(', ')}].`,
        );
      }
      const appended = Math.min(count, capacity - size);
      reserve(size + appended);
      values.set(images.data.subarray(0, appended * length), size * length);
      size += appended;
      // A batch larger than the buffer: what does not fit is left out.
      const replaced = Math.min(count - appended, size - appended);
      const places = distinctIndices(key, replaced, size - appended);
      for (const [i, place] of places.entries()) {
        const from = (appended + i) * length;
        values.set(images.data.subarray(from, from + length), place * length);
      }
    },
    state: () => ({
      capacity,
      images: hostTensor([size, ...imageShape], values.subarray(0, size * length)),
    }),
  };
}

/**
 * An empty buffer of refined images (Shrivastava et al. 2017, arXiv 1612.07828, section 2.3) of
 * `imageShape` `[channels, height, width]`. It takes memory as it fills: capacity · channels ·
 * height · width · 4 bytes in the end.
 */
export function createHistoryBuffer(options: {
  readonly capacity: number;
  readonly imageShape: readonly [number, number, number];
}): HistoryBuffer {
  const { capacity, imageShape } = options;
  return restoreHistoryBuffer({ capacity, images: hostTensor([0, ...imageShape]) });
}
