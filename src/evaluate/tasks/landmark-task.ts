import { type RandomKey, split } from '../../base/random.ts';
import { distanceBetween, type Point } from '../../faces/index.ts';
import { landmarkCount } from '../../models/frozen/face-landmarks.ts';
import { type Sample, sampleFace } from './augmentation.ts';
import { compareArms, type Score, type TaskResult, type TrainingArm } from './compare-arms.ts';
import type { LabelledFace } from './labelled-faces.ts';
import { landmarkNetwork } from './landmark-network.ts';
import { drawFaces, type ItemErrors, imagesOf, type TaskOptions } from './task-options.ts';
import { trainNetwork } from './train-network.ts';

/**
 * Goes up with every change of this file, the network, its training, the augmentation or the frames
 * that changes an error: kept errors of another version are not read.
 */
export const landmarkTaskVersion = 2;

/**
 * How often a photograph is shown, each time framed with another error of a face detector. In the
 * frame of its own labels a network that sees nothing would be nearly as good as a trained one.
 */
const framings = 8;

/** Ten times that of the other tasks' network, chosen by the error on renders not trained on. */
const learningRate = 1e-2;

/**
 * Trains the same landmark network on each set, and measures the normalised mean error on labelled
 * photographs that are framed as a face detector does: the mean distance of the labelled points
 * divided by that of the outer corners of the eyes (Sagonas et al. 2013, 300-W). Two sets are never
 * labelled by quite the same convention, so the error is also given after label adaptation, see
 * {@link withoutOffset}.
 */
export function landmarkTask(options: TaskOptions): Promise<TaskResult> {
  const { sets, test, budget, key, rememberErrors, onStep } = options;
  const framing: Framing = (i) => framingsOf(test[i], split(split(key, 'framings'), 'face', i));
  const errorsOfArm = async (
    arm: TrainingArm,
    own: RandomKey,
    seed: number,
  ): Promise<ItemErrors> => {
    const train = () => trainRegressor(arm, { ...options, framing }, own);
    if (arm.set === 'refined' || rememberErrors === undefined) return train();
    let isTrained = false;
    const errors = await rememberErrors(`${arm.augmentation}-${seed}`, () => {
      isTrained = true;
      return train();
    });
    for (let step = 0; step < budget.steps && !isTrained; step++) onStep?.();
    return errors;
  };
  return compareArms({
    task: 'landmarks',
    measure: 'normalised mean error, of the distance between the outer corners of the eyes',
    better: 'less',
    testItems: test.length,
    trainingImages: { renders: sets.renders.length, refined: sets.refined.length },
    train: async (arm, own, seed) => {
      const { asLabelled, adapted } = await errorsOfArm(arm, own, seed);
      return { score: meanOfItems(asLabelled), adapted: meanOfItems(adapted) };
    },
    blind: errorOfNothing(test, framing),
    ...{ budget, key },
  });
}

/**
 * A photograph, by its number, as it is shown: drawn anew each time, since many would fill memory.
 */
type Framing = (photograph: number) => readonly Sample[];

function framingsOf(face: LabelledFace, key: RandomKey): readonly Sample[] {
  return Array.from({ length: framings }, (_, k) =>
    sampleFace(face, 'framed', split(key, 'framing', k)),
  );
}

async function trainRegressor(
  arm: TrainingArm,
  options: TaskOptions & { readonly framing: Framing },
  key: RandomKey,
): Promise<ItemErrors> {
  const { sets, test, budget, framing, onStep, signal } = options;
  const network = await trainNetwork({
    network: landmarkNetwork,
    key,
    outputs: 2 * landmarkCount,
    loss: 'absolute',
    learningRate,
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
    const residuals: Residuals[][] = [];
    for (const [i, { known }] of test.entries()) {
      signal?.throwIfAborted();
      const samples = framing(i);
      const { output } = await network.predict(imagesOf(samples));
      residuals.push(
        samples.map(({ landmarks }, k) => normalizedResiduals(output[k], landmarks, known)),
      );
    }
    return { asLabelled: errorsOf(residuals), adapted: errorsOf(withoutOffset(residuals)) };
  } finally {
    await network.dispose();
  }
}

/**
 * The error after label adaptation of a network that sees nothing and says the centre of the frame
 * for every point. Its residuals grow with the face as their unit does, so it is forgiven the size
 * of the face, and does better than one that says the mean places.
 */
function errorOfNothing(test: readonly LabelledFace[], framing: Framing): number {
  const centre = new Float32Array(2 * landmarkCount);
  const residuals = test.map(({ known }, i) =>
    framing(i).map(({ landmarks }) => normalizedResiduals(centre, landmarks, known)),
  );
  return meanOfItems(errorsOf(withoutOffset(residuals)))([...test.keys()]);
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
 * Label adaptation (Wood et al. 2021, arXiv 2109.15102, section 4), with nothing but an offset a
 * landmark: from each residual, `[photograph][framing][landmark]`, the mean of the same landmark's
 * residuals on the other photographs is taken away. What is left is what the network does not know,
 * not where a data set puts its points; an offset that the training images themselves gave it is
 * forgiven, too. A landmark that no other photograph shows stays as it is.
 */
export function withoutOffset(residuals: readonly (readonly Residuals[])[]): Residuals[][] {
  const sumsOf = (photographs: readonly (readonly Residuals[])[], k: number) => {
    const seen = photographs.flat().flatMap((each) => (each[k] === undefined ? [] : [each[k]]));
    const total = (axis: 0 | 1) => seen.reduce((sum, point) => sum + point[axis], 0);
    return { x: total(0), y: total(1), count: seen.length };
  };
  const all = residuals[0]?.[0]?.map((_, k) => sumsOf(residuals, k)) ?? [];
  return residuals.map((photograph) => {
    const others = all.map(({ x, y, count }, k) => {
      const own = sumsOf([photograph], k);
      return { x: x - own.x, y: y - own.y, count: count - own.count };
    });
    return photograph.map((each) =>
      each.map((residual, k): Point | undefined => {
        const { x, y, count } = others[k];
        if (residual === undefined || count === 0) return residual;
        return [residual[0] - x / count, residual[1] - y / count];
      }),
    );
  });
}

/** The mean length of the residuals of each photograph. */
export function errorsOf(residuals: readonly (readonly Residuals[])[]): number[] {
  return residuals.map((photograph) => {
    const lengths = photograph
      .flat()
      .flatMap((point) => (point === undefined ? [] : [Math.hypot(...point)]));
    return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  });
}

function meanOfItems(values: readonly number[]): Score {
  return (items) => items.reduce((sum, i) => sum + values[i], 0) / items.length;
}
