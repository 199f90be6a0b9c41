import { type RandomKey, split, uniform } from '../../base/random.ts';
import { type Sample, sampleFace } from './augmentation.ts';
import type { TaskBudget, TrainingArm } from './compare-arms.ts';
import type { LabelledFace } from './labelled-faces.ts';

/** Errors of one trained network on each test item, in their order. */
export interface ItemErrors {
  readonly asLabelled: readonly number[];
  /** After label adaptation. */
  readonly adapted: readonly number[];
}

/**
 * The errors of a network trained on the renders, named by its augmentation and seed: those of
 * before, for tasks that differ in their refined images alone, or what `train` gives, which is then
 * kept. Whoever gives it answers for the rest: the same renders and labels, test items, budget, key
 * and version of the task.
 */
export type RememberErrors = (
  network: string,
  train: () => Promise<ItemErrors>,
) => Promise<ItemErrors>;

/** What every task works on. */
export interface TaskOptions {
  readonly sets: {
    readonly renders: readonly LabelledFace[];
    readonly refined: readonly LabelledFace[];
  };
  /** Labelled photographs. */
  readonly test: readonly LabelledFace[];
  readonly budget: TaskBudget;
  readonly key: RandomKey;
  /**
   * Spares the landmark task networks that are known already; the other tasks train all of theirs.
   */
  readonly rememberErrors?: RememberErrors | undefined;
  readonly onStep?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A batch of faces drawn at random, augmented as the arm says, with their numbers in the set. */
export function drawFaces(
  faces: readonly LabelledFace[],
  options: {
    readonly arm: TrainingArm;
    readonly budget: Pick<TaskBudget, 'batchSize'>;
    readonly key: RandomKey;
  },
): { readonly samples: readonly Sample[]; readonly drawn: readonly number[] } {
  const { arm, budget, key } = options;
  const drawn = Array.from(uniform(split(key, 'drawn'), budget.batchSize), (u) =>
    Math.floor(u * faces.length),
  );
  const samples = drawn.map((index, i) =>
    sampleFace(faces[index], arm.augmentation, split(key, 'sample', i)),
  );
  return { samples, drawn };
}

/** The images of samples one after the other, as a network takes them. */
export function imagesOf(samples: readonly Sample[]): Float32Array {
  const length = samples[0]?.image.length ?? 0;
  const images = new Float32Array(samples.length * length);
  for (const [i, { image }] of samples.entries()) images.set(image, i * length);
  return images;
}
