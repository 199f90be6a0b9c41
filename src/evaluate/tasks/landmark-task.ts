import { type RandomKey, split } from '../../base/random.ts';
import { distanceBetween, type Point } from '../../faces/index.ts';
import { landmarkCount } from '../../models/frozen/face-landmarks.ts';
import { sampleFace } from './augmentation.ts';
import { compareArms, type Score, type TaskResult, type TrainingArm } from './compare-arms.ts';
import { drawFaces, type ItemErrors, imagesOf, type TaskOptions } from './task-options.ts';
import { trainNetwork } from './train-network.ts';

/**
 * Trains the same small landmark regressor on each set, and measures the normalised mean error on
 * labelled photographs: the mean distance of the labelled points divided by that of the outer
 * corners of the eyes (Sagonas et al. 2013, 300-W). Two sets are never labelled by quite the same
 * convention, so the error is also given after label adaptation, see {@link withoutOffset}.
 */
export function landmarkTask(options: TaskOptions): Promise<TaskResult> {
  const { sets, test, budget, key, errorsOfRenders: store, onStep } = options;
  const trainOrRead = async (
    arm: TrainingArm,
    own: RandomKey,
    seed: number,
  ): Promise<ItemErrors> => {
    if (arm.set === 'refined' || store === undefined) return trainRegressor(arm, options, own);
    const network = `${arm.augmentation}-${seed}`;
    const known = await store.read(network);
    if (known !== undefined) {
      for (let step = 0; step < budget.steps; step++) onStep?.();
      return known;
    }
    const errors = await trainRegressor(arm, options, own);
    await store.write(network, errors);
    return errors;
  };
  return compareArms({
    task: 'landmarks',
    measure: 'normalised mean error, of the distance between the outer corners of the eyes',
    better: 'less',
    testItems: test.length,
    trainingImages: { renders: sets.renders.length, refined: sets.refined.length },
    train: async (arm, own, seed) => {
      const { asLabelled, adapted } = await trainOrRead(arm, own, seed);
      return { score: meanOfItems(asLabelled), adapted: meanOfItems(adapted) };
    },
    ...{ budget, key },
  });
}

async function trainRegressor(
  arm: TrainingArm,
  { sets, test, budget, onStep, signal }: TaskOptions,
  key: RandomKey,
): Promise<ItemErrors> {
  const network = await trainNetwork({
    key,
    outputs: 2 * landmarkCount,
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
    const residuals = samples.map(({ landmarks }, i) =>
      normalizedResiduals(output[i], landmarks, test[i].known),
    );
    return { asLabelled: errorsOf(residuals), adapted: errorsOf(withoutOffset(residuals)) };
  } finally {
    await network.dispose();
  }
}

/** Of each landmark, what the network says less the label; undefined where the point is unknown. */
export type Residuals = readonly (Point | undefined)[];

/** Residuals in units of the distance between the outer corners of the eyes. */
export function normalizedResiduals(
  output: Float32Array,
  landmarks: readonly Point[],
  known: readonly boolean[],
): Residuals {
  const unit = distanceBetween(landmarks[36], landmarks[45]);
  return landmarks.map(([x, y], i) =>
    known[i] ? [(output[2 * i] + 0.5 - x) / unit, (output[2 * i + 1] + 0.5 - y) / unit] : undefined,
  );
}

/**
 * Label adaptation (Wood et al. 2021, arXiv 2109.15102, section 4), with nothing but an offset
 * a landmark: from each residual the mean of the same landmark's residuals on the other photographs
 * is taken away. What is left is what the network does not know, not where a data set puts its points; an
 * offset that the training images themselves gave it is forgiven, too. A landmark that no other photograph shows stays as it is.
 */
export function withoutOffset(residuals: readonly Residuals[]): Residuals[] {
  const landmarks = residuals[0]?.length ?? 0;
  const sums = Array.from({ length: landmarks }, (_, k) => {
    const seen = residuals.flatMap((each) => (each[k] === undefined ? [] : [each[k]]));
    const total = (axis: 0 | 1) => seen.reduce((sum, point) => sum + point[axis], 0);
    return { x: total(0), y: total(1), count: seen.length };
  });
  return residuals.map((each) =>
    each.map((residual, k): Point | undefined => {
      const { x, y, count } = sums[k];
      if (residual === undefined || count < 2) return residual;
      const [u, v] = residual;
      return [u - (x - u) / (count - 1), v - (y - v) / (count - 1)];
    }),
  );
}

/** The mean length of the residuals of each photograph. */
export function errorsOf(residuals: readonly Residuals[]): number[] {
  return residuals.map((each) => {
    const lengths = each.flatMap((point) => (point === undefined ? [] : [Math.hypot(...point)]));
    return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  });
}

function meanOfItems(values: readonly number[]): Score {
  return (items) => items.reduce((sum, i) => sum + values[i], 0) / items.length;
}
