import { type RandomKey, split, uniform } from '../../base/random.ts';
import { distanceBetween, type Point } from '../../faces/index.ts';
import { bootstrap, type Interval, percentileInterval } from '../statistics/bootstrap.ts';
import { type AugmentationStrength, sampleFace } from './augmentation.ts';
import type { LabelledFace } from './labelled-faces.ts';
import { smallInputSize } from './small-network.ts';
import { trainNetwork } from './train-network.ts';

/** What the small regressor was trained on. */
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

/** The usefulness of renders and refined images for one task. */
export interface TaskResult {
  readonly task: 'landmarks';
  readonly measure: string;
  readonly testImages: number;
  readonly budget: TaskBudget;
  readonly rows: readonly TaskRow[];
  /**
   * By which share of the error the better refined arm beats the better arm of renders, with and
   * without augmentation: 1 would be no error left, negative is worse.
   */
  readonly improvement: Interval & { readonly value: number };
}

export interface LandmarkTaskOptions {
  readonly sets: {
    readonly renders: readonly LabelledFace[];
    readonly refined: readonly LabelledFace[];
  };
  readonly test: readonly LabelledFace[];
  readonly budget: TaskBudget;
  readonly key: RandomKey;
  readonly onStep?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Trains the same small landmark regressor on each set with the same budget and several seeds, and
 * measures the normalised mean error on labelled photographs: the mean distance of the labelled points
 * divided by that of the outer corners of the eyes (Sagonas et al. 2013, 300-W), averaged over
 * seeds. Intervals resample the photographs, all arms alike, and the seeds.
 */
export async function landmarkTask(options: LandmarkTaskOptions): Promise<TaskResult> {
  const { sets, test, budget, key } = options;
  const errors: ArmErrors[] = [];
  for (const arm of trainingArms) {
    const seeds: (readonly number[])[] = [];
    for (let seed = 0; seed < budget.seeds; seed++) {
      seeds.push(await errorsOfArm(arm, options, split(key, 'seed', seed)));
    }
    errors.push(seeds);
  }
  const counts = { photographs: test.length, seeds: budget.seeds };
  const estimate = (statistic: (means: readonly number[]) => number) =>
    resampledEstimate(errors, { key, counts, statistic });
  const { value, ...interval } = estimate(relativeImprovement);
  return {
    task: 'landmarks',
    measure: 'normalised mean error, of the distance between the outer corners of the eyes',
    testImages: test.length,
    budget,
    rows: trainingArms.map((arm, a) => {
      const { value: mean, ...own } = estimate((means) => means[a]);
      return { name: arm.name, trainingImages: sets[arm.set].length, mean, ...own };
    }),
    improvement: { value, ...interval },
  };
}

/** Of one arm: an error for every photograph, a list a seed. */
type ArmErrors = readonly (readonly number[])[];

/** One less the better refined arm's error over that of the better arm of renders. */
function relativeImprovement(means: readonly number[]): number {
  const best = (set: 'renders' | 'refined') =>
    Math.min(...means.filter((_, a) => trainingArms[a].set === set));
  return 1 - best('refined') / best('renders');
}

async function errorsOfArm(
  arm: (typeof trainingArms)[number],
  { sets, test, budget, onStep, signal }: LandmarkTaskOptions,
  key: RandomKey,
): Promise<number[]> {
  const faces = sets[arm.set];
  const network = await trainNetwork({
    key,
    outputs: 136,
    loss: 'absolute',
    ...{ batchSize: budget.batchSize, steps: budget.steps, onStep, signal },
    batch: (step) => trainingBatch(faces, arm.augmentation, budget, split(key, 'step', step)),
  });
  try {
    const samples = test.map((face) => sampleFace(face, 'none', key));
    const images = new Float32Array(samples.length * 3 * smallInputSize ** 2);
    for (const [i, { image }] of samples.entries()) images.set(image, i * image.length);
    const { output } = await network.predict(images);
    return samples.map(({ landmarks }, i) => normalizedError(output[i], landmarks, test[i].known));
  } finally {
    await network.dispose();
  }
}

function trainingBatch(
  faces: readonly LabelledFace[],
  strength: AugmentationStrength,
  { batchSize }: TaskBudget,
  key: RandomKey,
) {
  const images = new Float32Array(batchSize * 3 * smallInputSize ** 2);
  const targets = new Float32Array(batchSize * 136);
  const drawn = uniform(split(key, 'drawn'), batchSize);
  for (let i = 0; i < batchSize; i++) {
    const face = faces[Math.floor(drawn[i] * faces.length)];
    const { image, landmarks } = sampleFace(face, strength, split(key, 'sample', i));
    images.set(image, i * image.length);
    targets.set(
      landmarks.flatMap(([x, y]) => [x - 0.5, y - 0.5]),
      i * 136,
    );
  }
  return { images, targets };
}

/** Mean distance of the known points by the distance of the outer corners of the eyes. */
export function normalizedError(
  output: Float32Array,
  landmarks: readonly Point[],
  known: readonly boolean[],
): number {
  let [sum, count] = [0, 0];
  for (const [i, point] of landmarks.entries()) {
    if (!known[i]) continue;
    sum += distanceBetween([output[2 * i] + 0.5, output[2 * i + 1] + 0.5], point);
    count++;
  }
  return sum / count / distanceBetween(landmarks[36], landmarks[45]);
}

/** A statistic of the arms' mean errors, with its interval under resampling of photographs and seeds. */
function resampledEstimate(
  errors: readonly ArmErrors[],
  options: {
    readonly key: RandomKey;
    readonly counts: { readonly photographs: number; readonly seeds: number };
    readonly statistic: (means: readonly number[]) => number;
  },
): Interval & { readonly value: number } {
  const { key, counts, statistic } = options;
  const replicates = bootstrap({ key: split(key, 'resample') }, (own) => {
    const photographs = drawn(split(own, 'photographs'), counts.photographs);
    const means = errors.map((seeds, arm) =>
      meanError(seeds, { photographs, seeds: drawn(split(own, 'seeds', arm), counts.seeds) }),
    );
    return statistic(means);
  });
  const all = {
    photographs: [...Array(counts.photographs).keys()],
    seeds: [...Array(counts.seeds).keys()],
  };
  const value = statistic(errors.map((seeds) => meanError(seeds, all)));
  return { value, ...percentileInterval(replicates) };
}

function drawn(key: RandomKey, count: number): readonly number[] {
  return Array.from(uniform(key, count), (u) => Math.floor(u * count));
}

function meanError(
  errors: ArmErrors,
  chosen: { readonly photographs: readonly number[]; readonly seeds: readonly number[] },
): number {
  let sum = 0;
  for (const seed of chosen.seeds) for (const i of chosen.photographs) sum += errors[seed][i];
  return sum / (chosen.seeds.length * chosen.photographs.length);
}
