import { createHash } from 'node:crypto';
import { randomKey, split } from '../base/random.ts';
import { UserError } from '../base/user-error.ts';
import { type AnnotationSourceOptions, createAnnotationSource } from '../data/annotation-source.ts';
import { type BatchSource, createBatchSource } from '../data/batches.ts';
import { type Dataset, openDataset } from '../data/dataset.ts';
import type { SourceSummary } from '../data/image-source.ts';
import { compareFraming } from '../prepare/compare-framing.ts';
import { freshCount, hasTwoDirections, type TrainConfig } from './config.ts';
import { hasPartWeights } from './regularization-config.ts';
import { splitSets, type ValidationImages } from './validation-images.ts';

/** The two sets of a run, as batches. */
export interface TrainingImages {
  readonly synthetic: BatchSource;
  /** Images in a batch of `synthetic`, see `freshCount`. */
  readonly syntheticCount: number;
  readonly real: BatchSource;
  /** The renders that are trained on. */
  readonly syntheticSet: Dataset;
  /** What is held out of both; absent where no refiner is selected. */
  readonly validation?: ValidationImages;
  /** What a user should know of the folders. */
  readonly warnings: readonly string[];
  /** Hashes of the names of the images and of what is held out, which decide the batches. */
  readonly lists: { readonly synthetic: string; readonly real: string };
  summary(): { readonly synthetic: SourceSummary; readonly real: SourceSummary };
}

/**
 * Opens both folders and looks at every file's header.
 *
 * @throws {UserError} where a folder is missing, has no images, or too many broken ones.
 */
export async function openTrainingImages(options: {
  readonly synthetic: string;
  readonly real: string;
  readonly config: TrainConfig;
}): Promise<TrainingImages> {
  const { config } = options;
  const [renderSet, photographSet] = [
    await openDataset(options.synthetic),
    await openDataset(options.real),
  ];
  const sets = await splitSets(config, renderSet, photographSet);
  const { synthetic: syntheticSet, real: realSet, validation } = sets;
  const syntheticCount = freshCount(config);
  const key = split(randomKey(config.seed), 'images');
  const [height, width] = config.size;
  const { partsKey } = keysOfAnnotations(config);
  const annotations = await openAnnotations(config, sets);
  const isMaskless = partsKey !== undefined && !annotations.synthetic?.parts;
  const source = (dataset: Dataset, side: 'synthetic' | 'real', batchSize: number, ahead: number) =>
    createBatchSource({
      dataset,
      annotations: annotations[side],
      height,
      width,
      channels: config.channels,
      batchSize,
      key: split(key, side),
      flip: config.augmentation.horizontalFlip,
      maxBroken: config.data.maxBroken,
      cacheBytes: config.data.cacheMegabytes * 2 ** 20,
      ahead,
    });
  const { renders, photographs } = batchesAnIteration(config);
  const synthetic = source(syntheticSet, 'synthetic', syntheticCount, renders);
  const real = source(realSet, 'real', config.batchSize, photographs + 1);
  await synthetic.inspect();
  await real.inspect();
  return {
    synthetic,
    syntheticCount,
    real,
    syntheticSet,
    ...(validation && { validation }),
    warnings: [
      ...syntheticSet.notes,
      ...realSet.notes,
      ...sets.warnings,
      ...(isMaskless
        ? [
            `No image in ${options.synthetic} has a part mask: ${partsKey} is 1 everywhere, so eyes and mouths are held no more than the rest. Add masks (NAME.parts.png) to protect them.`,
          ]
        : []),
      ...(await framingWarnings(options.synthetic, options.real)),
    ],
    lists: {
      synthetic: hashLists(renderSet, syntheticSet),
      real: hashLists(photographSet, realSet),
    },
    summary: () => ({ synthetic: synthetic.summary(), real: real.summary() }),
  };
}

/**
 * What the configuration needs to know of the images of each side; undefined where that is nothing.
 */
async function openAnnotations(
  config: TrainConfig,
  sets: { readonly synthetic: Dataset; readonly real: Dataset },
) {
  const [height, width] = config.size;
  const { partsKey, landmarksKey } = keysOfAnnotations(config);
  const annotationsOf = async (
    dataset: Dataset,
    keys: Pick<AnnotationSourceOptions, 'partsFor' | 'mayLackParts' | 'landmarksFor'>,
  ) => {
    const found = await createAnnotationSource({ dataset, size: { height, width }, ...keys });
    // Where nothing is needed, no header is read for it either.
    return found.parts || found.landmarks ? found : undefined;
  };
  return {
    synthetic: await annotationsOf(sets.synthetic, {
      partsFor: partsKey,
      mayLackParts: config.regularization.withoutMasks === 'equal',
      landmarksFor: landmarksKey,
    }),
    real: await annotationsOf(sets.real, {
      landmarksFor: config.parts.discriminator ? landmarksKey : undefined,
    }),
  };
}

/**
 * Batches of each side that an iteration takes: so many are decoded ahead, so that no network
 * waits.
 */
function batchesAnIteration(config: TrainConfig) {
  const { refinerStepsPerIteration: refiner, discriminatorStepsPerIteration: discriminator } =
    config;
  const parts = config.batchSize / freshCount(config);
  // In two directions the discriminators see whole batches of renders, and the refiners
  // photographs.
  const both = hasTwoDirections(config);
  return {
    renders: refiner * parts + discriminator * (both ? parts : 1),
    photographs: discriminator + (both ? refiner : 0),
  };
}

/** The keys of the configuration that need annotations, for messages; undefined: none does. */
function keysOfAnnotations({ regularization, parts }: TrainConfig) {
  const network = parts.discriminator ? 'discriminator' : 'refiner';
  return {
    partsKey: hasPartWeights(regularization) ? 'regularization.partWeights' : undefined,
    landmarksKey: parts.refiner || parts.discriminator ? `parts.${network}` : undefined,
  };
}

/**
 * Where both sides have landmarks: quantities in which their faces lie differently in the image.
 */
async function framingWarnings(synthetic: string, real: string): Promise<readonly string[]> {
  try {
    return (await compareFraming(synthetic, real)).warnings;
  } catch (error) {
    // Without landmarks there is nothing to compare, and nothing wrong.
    if (error instanceof UserError) return [];
    throw error;
  }
}

/** Of the names of a set, and of those that are trained on where some are held out. */
function hashLists({ images }: Dataset, trained: Dataset): string {
  const hash = createHash('sha256').update(images.join('\n'));
  if (trained.images.length < images.length) hash.update(`\n\n${trained.images.join('\n')}`);
  return hash.digest('hex').slice(0, 16);
}
