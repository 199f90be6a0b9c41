import { createHash } from 'node:crypto';
import { type RandomKey, split } from '../../base/random.ts';
import { BrokenImageError } from '../../data/decode.ts';
import { forEachConcurrently } from '../../refine/for-each-concurrently.ts';
import { type ImageForm, loadImage } from '../../refine/verification/load-image.ts';
import type { ContentCache } from '../features/content-cache.ts';
import { fitImage } from '../features/fit-image.ts';
import { taskInputSize } from '../tasks/trainable-network.ts';
import {
  type ClassifierAccuracy,
  classifierTest,
  folds,
  type SmallImage,
} from './classifier-test.ts';

/**
 * How well small networks tell each set from the photographs, and one half of those from the other.
 */
export interface ClassifierRealism {
  readonly synthetic: ClassifierAccuracy;
  readonly refined: ClassifierAccuracy;
  readonly real: ClassifierAccuracy;
  readonly steps: number;
}

/** Changes with whatever changes an accuracy. */
const testVersion = 'classifier 1';

const fewestImages = 10;

/** Files of the three sets, in random order; refined images in the order of their renders. */
export interface ClassifierFiles {
  readonly synthetic: readonly string[];
  readonly refined: readonly string[];
  readonly real: readonly string[];
}

export interface ClassifierRealismOptions {
  /** How images are made equal, before they are brought to 64 × 64 pixels. */
  readonly form: Required<ImageForm>;
  /** Images a side at most. */
  readonly images: number;
  readonly steps: number;
  readonly cache: ContentCache;
  readonly key: RandomKey;
  /** Called before the work with the number of all steps; the result after each step. */
  readonly onStart: (total: number) => () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The classifier two-sample test on images of 64 × 64 pixels, for renders, for refined images and
 * for the photographs against themselves.
 *
 * @returns undefined where a set has fewer than 10 readable images
 */
export async function classifierRealism(
  files: ClassifierFiles,
  { form, images, steps, cache, key, onStart, signal }: ClassifierRealismOptions,
): Promise<ClassifierRealism | undefined> {
  const load = (paths: readonly string[]) => loadSmall(paths, form);
  const half = Math.min(images, files.real.length >> 1);
  const real = [
    await load(files.real.slice(0, half)),
    await load(files.real.slice(half, half + half)),
  ];
  const pairs = {
    synthetic: [await load(files.synthetic.slice(0, images)), real.flat().slice(0, images)],
    refined: [await load(files.refined.slice(0, images)), real.flat().slice(0, images)],
    real,
  } as const;
  if (Object.values(pairs).some((sets) => sets.some((set) => set.length < fewestImages))) {
    return undefined;
  }
  const onStep = onStart(3 * folds * steps);
  // The same draws for all three, so that equal sets get equal numbers.
  const own = split(key, 'classifier');
  const test = async (name: keyof typeof pairs) => {
    const [first, second] = pairs[name];
    const content = [hashOfSet(first), hashOfSet(second), String(steps), String(own)];
    let computed = false;
    const bytes = await cache.remember(testVersion, content, async () => {
      computed = true;
      const accuracy = await classifierTest(first, second, { key: own, steps, onStep, signal });
      return Buffer.from(JSON.stringify(accuracy));
    });
    if (!computed) for (let i = 0; i < folds * steps; i++) onStep();
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as ClassifierAccuracy;
  };
  const [synthetic, refined, halves] = await Promise.all([
    test('synthetic'),
    test('refined'),
    test('real'),
  ]);
  return { synthetic, refined, real: halves, steps };
}

/** The readable ones. */
async function loadSmall(
  paths: readonly string[],
  form: Required<ImageForm>,
): Promise<SmallImage[]> {
  const images = new Array<SmallImage | undefined>(paths.length);
  const size = { height: taskInputSize, width: taskInputSize };
  await forEachConcurrently([...paths.entries()], async ([i, path]) => {
    try {
      const image = await loadImage(path, form);
      const fits = image.width === size.width && image.height === size.height;
      images[i] = fits ? image.pixels : Uint8Array.from(fitImage(image, size), Math.round);
    } catch (error) {
      if (!(error instanceof BrokenImageError)) throw error;
    }
  });
  return images.filter((image) => image !== undefined);
}

function hashOfSet(images: readonly SmallImage[]): string {
  const hash = createHash('sha256');
  for (const image of images) hash.update(image);
  return hash.digest('hex');
}
