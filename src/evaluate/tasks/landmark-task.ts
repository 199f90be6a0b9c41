import { type RandomKey, split } from '../../base/random.ts';
import { distanceBetween, type Point } from '../../faces/index.ts';
import { sampleFace } from './augmentation.ts';
import { compareArms, type Score, type TaskResult, type TrainingArm } from './compare-arms.ts';
import { drawFaces, imagesOf, type TaskOptions } from './task-options.ts';
import { trainNetwork } from './train-network.ts';

/**
 * Trains the same small landmark regressor on each set, and measures the normalised mean error on
 * labelled photographs: the mean distance of the labelled points divided by that of the outer
 * corners of the eyes (Sagonas et al. 2013, 300-W).
 */
export function landmarkTask(options: TaskOptions): Promise<TaskResult> {
  const { sets, test, budget, key } = options;
  return compareArms({
    task: 'landmarks',
    measure: 'normalised mean error, of the distance between the outer corners of the eyes',
    better: 'less',
    testItems: test.length,
    trainingImages: { renders: sets.renders.length, refined: sets.refined.length },
    train: (arm, own) => trainRegressor(arm, options, own),
    ...{ budget, key },
  });
}

async function trainRegressor(
  arm: TrainingArm,
  { sets, test, budget, onStep, signal }: TaskOptions,
  key: RandomKey,
): Promise<Score> {
  const network = await trainNetwork({
    key,
    outputs: 136,
    loss: 'absolute',
    ...{ batchSize: budget.batchSize, steps: budget.steps, onStep, signal },
    batch: (step) => {
      const { samples } = drawFaces(sets[arm.set], { arm, budget, key: split(key, 'step', step) });
      const targets = samples.flatMap(({ landmarks }) =>
        landmarks.flatMap(([x, y]) => [x - 0.5, y - 0.5]),
      );
      return { images: imagesOf(samples), targets: Float32Array.from(targets) };
    },
  });
  try {
    const samples = test.map((face) => sampleFace(face, 'none', key));
    const { output } = await network.predict(imagesOf(samples));
    const errors = samples.map(({ landmarks }, i) =>
      normalizedError(output[i], landmarks, test[i].known),
    );
    return (items) => items.reduce((sum, i) => sum + errors[i], 0) / items.length;
  } finally {
    await network.dispose();
  }
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
