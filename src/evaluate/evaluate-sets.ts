import { permutation, type RandomKey, randomKey, split } from '../base/random.ts';
import { UserError } from '../base/user-error.ts';
import { type Dataset, openDataset } from '../data/dataset.ts';
import { loadFaceTools } from '../faces/index.ts';
import { readAnnotations } from '../refine/verification/annotations.ts';
import type { Thresholds } from '../refine/verification/judge-image.ts';
import type { ImageForm } from '../refine/verification/load-image.ts';
import type { ImageMeasures } from '../refine/verification/measure-image.ts';
import type { NoiseFloor } from '../refine/verification/noise-floor.ts';
import { type ClassifierRealism, classifierRealism } from './classifier/classifier-realism.ts';
import { commonForm } from './common-form.ts';
import type { EvaluateConfig } from './config.ts';
import { cachedFaceFinder } from './features/cached-faces.ts';
import { openContentCache, openDefaultCache } from './features/content-cache.ts';
import { loadUserNetwork, type UserNetwork } from './features/user-network.ts';
import type { LabelRecord } from './labels/label-record.ts';
import { type LabelSummary, summarizeLabels } from './labels/summarize-labels.ts';
import { verifyPairs } from './labels/verify-pairs.ts';
import { findPairs, type Pair } from './pairs.ts';
import { measureSpaces, type SpaceRealism } from './realism/measure-spaces.ts';
import type { TaskName, TaskResult } from './tasks/compare-arms.ts';
import { runTask } from './tasks/run-task.ts';

/** Folders of the three sets. */
export interface SetFolders {
  readonly synthetic: string;
  readonly refined: string;
  readonly real: string;
}

export interface EvaluateOptions extends SetFolders {
  readonly config: EvaluateConfig;
  /** Feature networks of the user's own. */
  readonly networks?: readonly UserNetwork[] | undefined;
  /** Measures how well the sets serve for training, on labelled photographs. */
  readonly task?: { readonly name: TaskName; readonly test: string } | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A stage of the work begins; the result is called after each of its `total` steps. */
  readonly onStage?: (label: string, unit: string, total: number) => () => void;
  /** Everything that was measured of a pair, as it comes. */
  readonly onMeasures?: (name: string, verdict: string, measures: ImageMeasures) => Promise<void>;
}

/** Everything that `evaluate` found out. */
export interface Evaluation {
  readonly folders: SetFolders;
  readonly form: Required<ImageForm>;
  readonly pairs: readonly Pair[];
  readonly realism: readonly SpaceRealism[];
  /** Absent where it was not wanted or a set is too small for it. */
  readonly classifier?: ClassifierRealism;
  readonly labels: LabelSummary;
  readonly records: readonly LabelRecord[];
  readonly noiseFloor: NoiseFloor;
  readonly thresholds: Thresholds;
  readonly broken: readonly { readonly name: string; readonly reason: string }[];
  readonly warnings: readonly string[];
  readonly task?: TaskResult;
}

const fewestImages = 10;

/**
 * Measures how realistic a refined set is and whether its labels hold.
 *
 * @throws {UserError} for folders without images, fewer than 10 images a side, and refined images
 *   whose names are not those of the renders.
 */
export async function evaluateSets(options: EvaluateOptions): Promise<Evaluation> {
  const { config, signal, onStage = () => () => {}, onMeasures } = options;
  const [synthetic, refined, real] = await Promise.all(
    [options.synthetic, options.refined, options.real].map(openDataset),
  );
  const pairs = await findPairs(synthetic, refined);
  const kept = pairs.filter(({ setAside }) => !setAside);
  requireImages(kept.length, refined);
  requireImages(real.images.length, real);
  const key = randomKey(config.seed);
  // A mistake in the test set is said before the long work.
  const test = options.task && (await openDataset(options.task.test));
  const form = await commonForm(kept, config);
  const cache = await (config.cache ? openContentCache(config.cache) : openDefaultCache());
  const annotations = await readAnnotations(synthetic);
  const userSpaces = await Promise.all(
    (options.networks ?? []).map((network) => loadUserNetwork(network, config.networkRange)),
  );
  const tools = await loadFaceTools({ threads: 1 });
  const findFace = cachedFaceFinder(tools, cache);
  try {
    const { records, noiseFloor, thresholds, broken } = await verifyPairs(pairs, {
      tools,
      findFace,
      config: config.verification,
      channels: form.channels,
      annotations,
      cache,
      key,
      signal,
      onImage: onStage('labels', 'images', pairs.length),
      ...(onMeasures && { onMeasures }),
    });
    const spaces = await measureSpaces(kept, real, {
      ...{ config, form, cache, findFace, userSpaces, signal, onStage },
    });
    const classifier =
      config.classifier.images > 0 &&
      (await classifierRealism(inRandomOrder(kept, real, split(key, 'classifier order')), {
        ...{ ...config.classifier, form, cache, key, signal },
        onStart: (total) => onStage('classifiers', 'steps', total),
      }));
    const task =
      test &&
      options.task &&
      (await runTask({
        name: options.task.name,
        ...{ synthetic, pairs, test, form, config, key, signal, onStage },
      }));
    return {
      folders: options,
      form,
      pairs,
      realism: spaces.realism,
      ...(classifier && { classifier }),
      labels: summarizeLabels(records, noiseFloor, split(key, 'labels')),
      records,
      noiseFloor,
      thresholds,
      broken: onceEach([...broken, ...spaces.broken]),
      warnings: spaces.warnings,
      ...(task && { task }),
    };
  } finally {
    for (const space of userSpaces) await space.dispose();
    await tools.dispose();
  }
}

function inRandomOrder(pairs: readonly Pair[], real: Dataset, key: RandomKey) {
  const shuffled = Array.from(permutation(split(key, 'pairs'), pairs.length), (i) => pairs[i]);
  const names = Array.from(permutation(split(key, 'real'), real.images.length));
  return {
    synthetic: shuffled.map(({ input }) => input),
    refined: shuffled.map(({ refined }) => refined),
    real: names.map((i) => `${real.directory}/${real.images[i]}`),
  };
}

/** A file that neither labels nor realism could be measured of is broken once. */
function onceEach(broken: Evaluation['broken']): Evaluation['broken'] {
  return [...new Map(broken.map((each) => [`${each.name} ${each.reason}`, each])).values()];
}

function requireImages(count: number, { directory }: Dataset): void {
  if (count >= fewestImages) return;
  throw new UserError(
    `Expected at least ${fewestImages} images in ${directory}, got ${count}. Distances between fewer mean nothing; give a larger set.`,
  );
}
