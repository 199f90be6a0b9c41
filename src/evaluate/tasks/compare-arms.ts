import { type RandomKey, split, uniform } from '../../base/random.ts';
import { forEachConcurrently } from '../../refine/for-each-concurrently.ts';
import { type Interval, percentileInterval } from '../statistics/bootstrap.ts';
import type { AugmentationStrength } from './augmentation.ts';

/** What the same network is trained on. */
export const trainingArms = [
  { name: 'renders', set: 'renders', augmentation: 'weak' },
  { name: 'renders, strong augmentation', set: 'renders', augmentation: 'strong' },
  { name: 'refined', set: 'refined', augmentation: 'weak' },
  { name: 'refined, strong augmentation', set: 'refined', augmentation: 'strong' },
] as const satisfies readonly {
  name: string;
  set: 'renders' | 'refined';
  augmentation: AugmentationStrength;
}[];
export type TrainingArm = (typeof trainingArms)[number];

export interface TaskBudget {
  readonly steps: number;
  readonly seeds: number;
  readonly batchSize: number;
}

/** How well a training set served, on labelled photographs. */
export interface TaskRow extends Interval {
  readonly name: string;
  readonly mean: number;
  readonly trainingImages: number;
}

export const taskNames = ['landmarks', 'recognition', 'detection'] as const;
export type TaskName = (typeof taskNames)[number];

/** What one measure says of the arms. */
export interface Comparison {
  readonly rows: readonly TaskRow[];
  /**
   * By which share of the error refined images beat renders, both with strong augmentation, which
   * alone helps a lot: 1 would be no error left, negative is worse. The error is the measure, or
   * what is missing to 1 where more is better. No arm is chosen by its score on the photographs.
   */
  readonly improvement: Interval & { readonly value: number };
}

/** The usefulness of renders and refined images for one task. */
export interface TaskResult extends Comparison {
  readonly task: TaskName;
  readonly measure: string;
  readonly better: 'less' | 'more';
  /** Photographs, pairs or windows that the networks were tested on. */
  readonly testItems: number;
  readonly budget: TaskBudget;
  /**
   * The same networks after label adaptation, where the labels of the two sides may differ in
   * convention.
   */
  readonly adapted?: Comparison;
  /** The error after label adaptation of a network that sees nothing, for scale. */
  readonly blind?: number;
}

/** What a trained network scores on some of the test items, given by their numbers. */
export type Score = (items: readonly number[]) => number;

/** The scores of a trained network; `adapted` is present for all networks of a task or for none. */
export interface Scores {
  readonly score: Score;
  readonly adapted?: Score;
}

export interface CompareArmsOptions
  extends Pick<TaskResult, 'task' | 'measure' | 'better' | 'testItems' | 'budget' | 'blind'> {
  readonly key: RandomKey;
  readonly trainingImages: { readonly renders: number; readonly refined: number };
  /**
   * Trains one network and gives its scores; the key is that of the seed, which is counted from 0.
   */
  readonly train: (arm: TrainingArm, key: RandomKey, seed: number) => Promise<Scores>;
}

/**
 * Trains every arm with the same budget and seeds and compares them. Intervals resample the test
 * items, all arms alike, and the seeds.
 */
export async function compareArms(options: CompareArmsOptions): Promise<TaskResult> {
  const { key, trainingImages, train, ...described } = options;
  const { better, budget } = described;
  const trained = trainingArms.map(() => new Array<Scores>(budget.seeds));
  const jobs = trainingArms.flatMap((arm, a) =>
    Array.from({ length: budget.seeds }, (_, seed) => ({ arm, a, seed })),
  );
  await forEachConcurrently(jobs, async ({ arm, a, seed }) => {
    trained[a][seed] = await train(arm, split(key, 'seed', seed), seed);
  });
  const compared = (scoreOf: (scores: Scores) => Score): Comparison => {
    const scores = trained.map((seeds) => seeds.map(scoreOf));
    const means = resampledMeans(scores, described, split(key, 'resample'));
    const error = (value: number) => (better === 'less' ? value : 1 - value);
    const improvements = means.resampled.map((m) => relativeImprovement(m.map(error)));
    return {
      rows: trainingArms.map((arm, a) => ({
        name: arm.name,
        trainingImages: trainingImages[arm.set],
        mean: means.all[a],
        ...percentileInterval(Float64Array.from(means.resampled, (m) => m[a])),
      })),
      improvement: {
        value: relativeImprovement(means.all.map(error)),
        ...percentileInterval(Float64Array.from(improvements)),
      },
    };
  };
  const isAdapted = trained.every((seeds) => seeds.every(({ adapted }) => adapted !== undefined));
  return {
    ...described,
    ...compared(({ score }) => score),
    ...(isAdapted && { adapted: compared(({ adapted }) => adapted!) }),
  };
}

/** One less the error of the augmented refined images over that of the augmented renders. */
function relativeImprovement(errors: readonly number[]): number {
  const augmented = (set: TrainingArm['set']) =>
    errors[trainingArms.findIndex((arm) => arm.set === set && arm.augmentation === 'strong')];
  const [refined, renders] = [augmented('refined'), augmented('renders')];
  if (renders > 0) return 1 - refined / renders;
  return refined > 0 ? -1 : 0;
}

const replicates = 500;

/** The mean score of each arm over its seeds: on all items, and on resampled ones. */
function resampledMeans(
  scores: readonly (readonly Score[])[],
  { testItems, budget }: { readonly testItems: number; readonly budget: TaskBudget },
  key: RandomKey,
) {
  const drawn = (own: RandomKey, count: number) =>
    Array.from(uniform(own, count), (u) => Math.floor(u * count));
  const mean = (seeds: readonly Score[], items: readonly number[]) =>
    seeds.reduce((sum, score) => sum + score(items), 0) / seeds.length;
  const everything = [...Array(testItems).keys()];
  const resampled = Array.from({ length: replicates }, (_, r) => {
    const own = split(key, 'replicate', r);
    const items = drawn(split(own, 'items'), testItems);
    // Networks of one seed start alike and see the same faces, so seeds are drawn for all arms.
    const seeds = drawn(split(own, 'seeds'), budget.seeds);
    return scores.map((arm) =>
      mean(
        seeds.map((seed) => arm[seed]),
        items,
      ),
    );
  });
  return { all: scores.map((seeds) => mean(seeds, everything)), resampled };
}
