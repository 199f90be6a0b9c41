import { permutation, type RandomKey, split, uniform } from '../../base/random.ts';
import { forEachConcurrently } from '../../refine/for-each-concurrently.ts';
import type { Interval } from '../statistics/bootstrap.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';
import { smallNetwork } from '../tasks/small-network.ts';
import { trainNetwork } from '../tasks/train-network.ts';
import { taskInputSize } from '../tasks/trainable-network.ts';

/** An image `[3, 64, 64]`, 0 … 255. */
export type SmallImage = Uint8Array;

/** How well networks tell two sets apart on images that they were not trained on. */
export interface ClassifierAccuracy extends Interval {
  /** 0.5 where the sets cannot be told apart, 1 where each image can. */
  readonly accuracy: number;
  /** Images of each set. */
  readonly images: number;
}

export interface ClassifierTestOptions {
  readonly key: RandomKey;
  /** Training steps of each network. */
  readonly steps: number;
  readonly onStep?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Parts of which each is held out once. */
export const folds = 3;

const [batchSize, pixels] = [32, 3 * taskInputSize ** 2];

/**
 * The classifier two-sample test (Lopez-Paz and Oquab 2017, arXiv 1610.06545, section 3): the
 * accuracy of small convolutional networks under cross-validation, between equally many images of
 * both sets. They are trained on images and mirror images, and answer by the mean over both. The
 * Wilson interval at 95 % takes the answers as independent, which those of one network are not
 * quite.
 */
export async function classifierTest(
  first: readonly SmallImage[],
  second: readonly SmallImage[],
  { key, steps, onStep, signal }: ClassifierTestOptions,
): Promise<ClassifierAccuracy> {
  const images = Math.min(first.length, second.length);
  const sets = [first, second].map((set, s) => {
    const order = permutation(split(key, 'order', s), set.length).subarray(0, images);
    return Array.from(order, (i) => set[i]);
  });
  let right = 0;
  await forEachConcurrently([...Array(folds).keys()], async (fold) => {
    const own = split(key, 'fold', fold);
    const part = (held: boolean) =>
      sets.map((set) => set.filter((_, i) => (i % folds === fold) === held));
    const training = part(false);
    const network = await trainNetwork({
      network: smallNetwork,
      ...{ key: own, outputs: 2, loss: 'cross-entropy', batchSize, steps, onStep, signal },
      batch: (step) => drawBatch(training, split(own, 'step', step)),
    });
    try {
      for (const [s, held] of part(true).entries()) {
        const { output } = await network.predict(withMirrorImages(held));
        right += held.filter((_, i) => {
          const leaning = output[2 * i][1] - output[2 * i][0];
          const mirrored = output[2 * i + 1][1] - output[2 * i + 1][0];
          return s === 1 ? leaning + mirrored > 0 : leaning + mirrored < 0;
        }).length;
      }
    } finally {
      await network.dispose();
    }
  });
  return { accuracy: right / (2 * images), ...wilsonInterval(right, 2 * images), images };
}

/** As many images of each set, in turn, every other one mirrored by chance. */
function drawBatch(sets: readonly (readonly SmallImage[])[], key: RandomKey) {
  const u = uniform(key, 2 * batchSize);
  const images = new Float32Array(batchSize * pixels);
  const targets = new Float32Array(2 * batchSize);
  for (let i = 0; i < batchSize; i++) {
    const set = sets[i % 2];
    const image = set[Math.floor(u[2 * i] * set.length)];
    write(image, images.subarray(i * pixels, (i + 1) * pixels), u[2 * i + 1] < 0.5);
    targets[2 * i + (i % 2)] = 1;
  }
  return { images, targets };
}

function withMirrorImages(images: readonly SmallImage[]): Float32Array {
  const result = new Float32Array(2 * images.length * pixels);
  for (const [i, image] of images.entries()) {
    for (const m of [0, 1]) {
      const start = (2 * i + m) * pixels;
      write(image, result.subarray(start, start + pixels), m === 1);
    }
  }
  return result;
}

/** Bytes as network input in −1 … 1. */
function write(image: SmallImage, to: Float32Array, mirrored: boolean): void {
  for (let i = 0; i < pixels; i++) {
    const column = i % taskInputSize;
    const from = mirrored ? i - column + taskInputSize - 1 - column : i;
    to[i] = image[from] / 127.5 - 1;
  }
}
