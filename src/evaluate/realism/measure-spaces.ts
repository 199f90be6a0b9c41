import { permutation, type RandomKey, randomKey, split } from '../../base/random.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { FindFace } from '../../refine/verification/face.ts';
import type { ImageForm } from '../../refine/verification/load-image.ts';
import type { EvaluateConfig } from '../config.ts';
import type { ContentCache } from '../features/content-cache.ts';
import { type ExtractOptions, extractFeatures } from '../features/extract-features.ts';
import { type FeatureSpace, faceSpace, inceptionSpace } from '../features/feature-spaces.ts';
import { matrixFromRows } from '../linear-algebra/matrix.ts';
import type { Pair } from '../pairs.ts';
import { measureRealism, type Realism } from './measure-realism.ts';

/** The realism of the refined set in one feature space. */
export interface SpaceRealism extends Realism {
  readonly space: Pick<FeatureSpace, 'name' | 'metrics' | 'dimensions' | 'comparableWith'>;
  /** Images with features in this space. */
  readonly images: { readonly pairs: number; readonly real: number };
}

export interface MeasuredSpaces {
  readonly realism: readonly SpaceRealism[];
  readonly broken: readonly { readonly name: string; readonly reason: string }[];
  readonly warnings: readonly string[];
}

export interface MeasureSpacesOptions {
  readonly config: EvaluateConfig;
  readonly form: Required<ImageForm>;
  readonly cache: ContentCache;
  readonly findFace: FindFace;
  /** Spaces beside the built-in ones; the caller frees them. */
  readonly userSpaces: readonly FeatureSpace[];
  readonly signal?: AbortSignal | undefined;
  readonly onStage: (label: string, unit: string, total: number) => () => void;
}

const fewestImages = 10;

/** Measures the realism of the refined images in every feature space. */
export async function measureSpaces(
  pairs: readonly Pair[],
  real: Dataset,
  { config, form, cache, findFace, userSpaces, signal, onStage }: MeasureSpacesOptions,
): Promise<MeasuredSpaces> {
  const key = randomKey(config.seed);
  const chosenPairs = draw(pairs, config.maximumImages, split(key, 'chosen pairs'));
  // Photographs are compared with each other by halves, so twice as many serve.
  const names = draw(real.images, 2 * config.maximumImages, split(key, 'chosen photographs'));
  const photographs = names.map((name) => ({ name, path: `${real.directory}/${name}` }));
  const own = [inceptionSpace(), faceSpace(findFace)];
  const spaces = [...own, ...userSpaces];
  try {
    const total = 2 * chosenPairs.length + photographs.length;
    const onImage = onStage('features', 'images', total);
    const options: ExtractOptions = { spaces, form, cache, onImage, signal };
    const sets = {
      synthetic: await extractFeatures(listOf(chosenPairs, 'input'), options),
      refined: await extractFeatures(listOf(chosenPairs, 'refined'), options),
      real: await extractFeatures(photographs, options),
    };
    const onSpace = onStage('statistics', 'spaces', spaces.length);
    const realism = spaces.map((space) => {
      signal?.throwIfAborted();
      const rows = (set: keyof typeof sets) => sets[set].features.get(space.name) ?? [];
      const measured = measureSpace(space, rows, { config, key });
      onSpace();
      return measured;
    });
    const found = realism.filter((measured) => typeof measured !== 'string');
    return {
      realism: found,
      broken: Object.values(sets).flatMap(({ broken }) => broken),
      warnings: realism.flatMap((measured) =>
        typeof measured === 'string'
          ? [measured]
          : measured.warnings.map((warning) => `${measured.space.name}: ${warning}`),
      ),
    };
  } finally {
    for (const space of own) await space.dispose();
  }
}

function draw<Item>(items: readonly Item[], count: number, key: RandomKey): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from(permutation(key, items.length).slice(0, count), (i) => items[i]);
}

function listOf(pairs: readonly Pair[], side: 'input' | 'refined') {
  return pairs.map((pair) => ({ name: pair.name, path: pair[side] }));
}

/** The realism in one space, or why there is none. */
function measureSpace(
  space: FeatureSpace,
  rows: (set: 'synthetic' | 'refined' | 'real') => readonly (Float32Array | undefined)[],
  { config, key }: { readonly config: EvaluateConfig; readonly key: RandomKey },
): SpaceRealism | string {
  const [before, after] = [rows('synthetic'), rows('refined')];
  // A pair counts with both of its images or not at all, so that the sets show the same scenes.
  const both = [...before.keys()].filter((i) => before[i] !== undefined && after[i] !== undefined);
  const real = rows('real').filter((row) => row !== undefined);
  const { name, metrics, dimensions, comparableWith } = space;
  if (both.length < fewestImages || real.length < fewestImages) {
    return `${name}: not measured, because only ${both.length} pairs and ${real.length} photographs have features in it.`;
  }
  const pick = (set: readonly (Float32Array | undefined)[]) =>
    matrixFromRows(both.map((i) => set[i]).filter((row) => row !== undefined));
  const features = { synthetic: pick(before), refined: pick(after), real: matrixFromRows(real) };
  return {
    ...measureRealism(features, { key: split(key, name), replicates: config.replicates }),
    space: { name, metrics, dimensions, comparableWith },
    images: { pairs: both.length, real: real.length },
  };
}
