import { permutation, type RandomKey, split } from '../../base/random.ts';
import { UserError } from '../../base/user-error.ts';
import { cosine } from '../../refine/verification/face.ts';
import { sampleFace } from './augmentation.ts';
import { compareArms, type Scores, type TaskResult, type TrainingArm } from './compare-arms.ts';
import type { LabelledFace } from './labelled-faces.ts';
import { smallNetwork } from './small-network.ts';
import { drawFaces, imagesOf, type TaskOptions } from './task-options.ts';
import { trainNetwork } from './train-network.ts';

/** Two photographs, by their numbers, of one person or of two. */
export interface FacePair {
  readonly first: number;
  readonly second: number;
  readonly same: boolean;
}

const mostPairs = 3000;

/**
 * Trains the same small network to tell the identities of each set apart, and measures on
 * photographs how often it decides rightly whether a pair shows one person (Huang et al. 2007,
 * Labeled Faces in the Wild): by the cosine of its hidden layer against the threshold that is best
 * for the other folds.
 *
 * @throws {UserError} where renders or photographs have no identity with two images.
 */
export function recognitionTask(given: TaskOptions): Promise<TaskResult> {
  const sets = { renders: named(given.sets.renders), refined: named(given.sets.refined) };
  const options = { ...given, sets, test: named(given.test) };
  const { test, budget, key } = options;
  for (const set of [sets.renders, sets.refined]) requireIdentities(set, 'training set');
  const pairs = facePairs(test, split(key, 'pairs'));
  return compareArms({
    task: 'recognition',
    measure: 'verification accuracy over pairs of photographs',
    better: 'more',
    testItems: pairs.length,
    trainingImages: { renders: sets.renders.length, refined: sets.refined.length },
    train: (arm, own) => trainRecognizer(arm, { ...options, pairs }, own),
    ...{ budget, key },
  });
}

/** The faces of which it is known whose they are; the others say nothing here. */
const named = (faces: readonly LabelledFace[]): readonly LabelledFace[] =>
  faces.filter(({ identity }) => identity !== undefined);

async function trainRecognizer(
  arm: TrainingArm,
  options: TaskOptions & { readonly pairs: readonly FacePair[] },
  key: RandomKey,
): Promise<Scores> {
  const { sets, test, budget, onStep, signal, pairs } = options;
  const faces = sets[arm.set];
  const identities = [...new Set(faces.map(({ identity }) => identity))];
  const classOf = new Map(identities.map((identity, i) => [identity, i]));
  const network = await trainNetwork({
    network: smallNetwork,
    key,
    outputs: identities.length,
    loss: 'cross-entropy',
    ...{ batchSize: budget.batchSize, steps: budget.steps, onStep, signal },
    batch: (step) => {
      const { samples, drawn } = drawFaces(faces, { arm, budget, key: split(key, 'step', step) });
      const targets = new Float32Array(samples.length * identities.length);
      for (const [i, face] of drawn.entries()) {
        targets[i * identities.length + (classOf.get(faces[face].identity) ?? 0)] = 1;
      }
      return { images: imagesOf(samples), targets };
    },
  });
  try {
    const samples = test.map((face) => sampleFace(face, 'none', key));
    const { hidden } = await network.predict(imagesOf(samples));
    const likeness = pairs.map(({ first, second }) => cosine(hidden[first], hidden[second]));
    const right = decideByFolds(likeness, pairs);
    return { score: (items) => items.reduce((sum, i) => sum + right[i], 0) / items.length };
  } finally {
    await network.dispose();
  }
}

/**
 * Pairs of one person and as many of two, at random.
 *
 * @throws {UserError} where no person has two photographs.
 */
export function facePairs(faces: readonly LabelledFace[], key: RandomKey): FacePair[] {
  requireIdentities(faces, 'test set');
  const [same, different]: [FacePair[], FacePair[]] = [[], []];
  for (let first = 0; first < faces.length; first++) {
    for (let second = first + 1; second < faces.length; second++) {
      const isSame = faces[first].identity === faces[second].identity;
      (isSame ? same : different).push({ first, second, same: isSame });
    }
  }
  const count = Math.min(same.length, different.length, mostPairs / 2);
  const drawn = (pairs: readonly FacePair[], label: string) =>
    Array.from(permutation(split(key, label), pairs.length).slice(0, count), (i) => pairs[i]);
  const both = [...drawn(same, 'same'), ...drawn(different, 'different')];
  return Array.from(permutation(split(key, 'order'), both.length), (i) => both[i]);
}

const folds = 10;

/** 1 for each pair that is decided rightly by the threshold that is best on the other folds. */
export function decideByFolds(
  likeness: readonly number[],
  pairs: readonly Pick<FacePair, 'same'>[],
): number[] {
  const right = new Array<number>(pairs.length).fill(0);
  for (let fold = 0; fold < folds; fold++) {
    const others = [...pairs.keys()].filter((i) => i % folds !== fold);
    const threshold = bestThreshold(
      others.map((i) => ({ value: likeness[i], same: pairs[i].same })),
    );
    for (let i = fold; i < pairs.length; i += folds) {
      right[i] = likeness[i] >= threshold === pairs[i].same ? 1 : 0;
    }
  }
  return right;
}

function bestThreshold(
  known: readonly { readonly value: number; readonly same: boolean }[],
): number {
  const sorted = known.toSorted((p, q) => q.value - p.value);
  let [balance, best, threshold] = [0, 0, Number.POSITIVE_INFINITY];
  for (const [i, { value, same }] of sorted.entries()) {
    balance += same ? 1 : -1;
    if (balance <= best) continue;
    best = balance;
    // Halfway to the next pair, which is on the other side.
    threshold = (value + (sorted[i + 1]?.value ?? value)) / 2;
  }
  return threshold;
}

function requireIdentities(faces: readonly LabelledFace[], what: string): void {
  const seen = new Map<unknown, number>();
  for (const { identity } of faces) {
    if (identity !== undefined) seen.set(identity, (seen.get(identity) ?? 0) + 1);
  }
  const several = [...seen.values()].filter((count) => count > 1).length;
  if (several > 0 && seen.size > 1) return;
  throw new UserError(
    `Expected several images of at least one identity and two identities in the ${what}, got ${seen.size} identities and ${several} with several images. Render with --images-per-identity 4, and give photographs an "identity" in metadata.jsonl.`,
  );
}
