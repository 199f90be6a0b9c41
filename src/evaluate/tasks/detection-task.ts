import { type RandomKey, split } from '../../base/random.ts';
import { UserError } from '../../base/user-error.ts';
import { sampleFace } from './augmentation.ts';
import { compareArms, type Scores, type TaskResult, type TrainingArm } from './compare-arms.ts';
import type { LabelledFace } from './labelled-faces.ts';
import { smallNetwork } from './small-network.ts';
import { drawFaces, imagesOf, type TaskOptions } from './task-options.ts';
import { trainNetwork } from './train-network.ts';

/** Windows beside faces without which nothing is learnt or measured. */
const fewestBeside = 10;

/**
 * Trains the same small network to tell windows with a face from windows beside it, and measures
 * its average precision on the windows of photographs, at each one that shows a face.
 *
 * @throws {UserError} where the faces of a set fill their images, so that nothing lies beside them.
 */
export function detectionTask(options: TaskOptions): Promise<TaskResult> {
  const { sets, test, budget, key } = options;
  requireBeside(sets.renders, 'training set');
  requireBeside(sets.refined, 'training set');
  requireBeside(test, 'test set');
  const windows = [
    ...test.map((face) => ({ face, isFace: true })),
    ...test.flatMap((face) =>
      face.beside.map((crop) => ({ face: { ...face, crop }, isFace: false })),
    ),
  ];
  return compareArms({
    task: 'detection',
    measure: 'average precision of a face/non-face window classifier',
    better: 'more',
    testItems: windows.length,
    trainingImages: { renders: sets.renders.length, refined: sets.refined.length },
    train: (arm, own) => trainClassifier(arm, { ...options, windows }, own),
    ...{ budget, key },
  });
}

function requireBeside(faces: readonly LabelledFace[], what: string): void {
  const count = faces.reduce((sum, { beside }) => sum + beside.length, 0);
  if (count >= fewestBeside) return;
  throw new UserError(
    `Expected at least ${fewestBeside} places beside the ${faces.length} faces of the ${what}, got ${count}: the faces fill their images. Give images with more around the faces.`,
  );
}

interface Window {
  readonly face: LabelledFace;
  readonly isFace: boolean;
}

async function trainClassifier(
  arm: TrainingArm,
  options: TaskOptions & { readonly windows: readonly Window[] },
  key: RandomKey,
): Promise<Scores> {
  const { sets, budget, onStep, signal, windows } = options;
  const faces = sets[arm.set];
  const backgrounds = faces.flatMap((face) => face.beside.map((crop) => ({ ...face, crop })));
  const network = await trainNetwork({
    network: smallNetwork,
    key,
    outputs: 2,
    loss: 'cross-entropy',
    ...{ batchSize: budget.batchSize, steps: budget.steps, onStep, signal },
    batch: (step) => {
      const own = split(key, 'step', step);
      const shown = Math.ceil(budget.batchSize / 2);
      const draw = (from: readonly LabelledFace[], batchSize: number, label: string) =>
        drawFaces(from, { arm, budget: { batchSize }, key: split(own, label) }).samples;
      const positives = draw(faces, shown, 'faces');
      const negatives = draw(backgrounds, budget.batchSize - shown, 'backgrounds');
      const targets = [...positives.flatMap(() => [0, 1]), ...negatives.flatMap(() => [1, 0])];
      return {
        images: imagesOf([...positives, ...negatives]),
        targets: Float32Array.from(targets),
      };
    },
  });
  try {
    const samples = windows.map(({ face }) => sampleFace(face, 'none', key));
    const { output } = await network.predict(imagesOf(samples));
    const scores = output.map(([no, yes]) => yes - no);
    return {
      score: (items) =>
        averagePrecision(items.map((i) => ({ score: scores[i], isFace: windows[i].isFace }))),
    };
  } finally {
    await network.dispose();
  }
}

/**
 * The mean over the faces of the precision among the windows that score at least as high as it
 * (Manning et al. 2008, “Introduction to Information Retrieval”, section 8.4).
 */
export function averagePrecision(
  windows: readonly { readonly score: number; readonly isFace: boolean }[],
): number {
  // Of equal scores the non-faces come first, so that a constant classifier gains nothing.
  const sorted = windows.toSorted(
    (p, q) => q.score - p.score || Number(p.isFace) - Number(q.isFace),
  );
  let [faces, sum] = [0, 0];
  for (const [i, { isFace }] of sorted.entries()) {
    if (!isFace) continue;
    faces++;
    sum += faces / (i + 1);
  }
  return faces === 0 ? 0 : sum / faces;
}
