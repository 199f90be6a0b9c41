import { type FaceTools, loadFaceTools } from '../../faces/index.ts';
import { forEachConcurrently } from '../../refine/for-each-concurrently.ts';
import { type VerificationConfig, verificationSchema } from '../../refine/verification/config.ts';
import type { FindFace } from '../../refine/verification/face.ts';
import type { Subject } from '../../refine/verification/measure-image.ts';
import type { NoiseFloor } from '../../refine/verification/noise-floor.ts';
import { createVerifier, type Verification } from '../../refine/verification/verifier.ts';

/** What happened to the labels of a list of images. */
export interface QuickLabels {
  readonly accepted: number;
  readonly rejected: number;
  readonly unverifiable: number;
  /** Accepted of those that could be verified, 0 … 1; absent where none could. */
  readonly acceptedShare?: number;
  /** Means over the images whose face was found; absent where none was. */
  readonly landmarkDriftPixels?: number;
  readonly identityCosine?: number;
  readonly noiseFloor: NoiseFloor;
  /** In the order of the images. */
  readonly verifications: readonly Verification[];
}

export interface MeasureLabelsOptions {
  /** Kept by the caller for the next call; loaded and freed here by default. */
  readonly tools?: FaceTools;
  /** Finds the faces of the inputs, such as one that remembers them. */
  readonly findFace?: FindFace;
  readonly config?: VerificationConfig;
}

/** Verifies images in memory against their inputs, as `refine --verify` does with files. */
export async function measureLabelsOf(
  subjects: readonly Subject[],
  options: MeasureLabelsOptions = {},
): Promise<QuickLabels> {
  const { findFace, config = verificationSchema.parse(undefined) } = options;
  const tools = options.tools ?? (await loadFaceTools({ threads: 1 }));
  try {
    const verifier = await createVerifier({
      ...{ tools, config, sample: inTurn(subjects) },
      ...(findFace && { findFace }),
    });
    const verifications = new Array<Verification>(subjects.length);
    await forEachConcurrently([...subjects.entries()], async ([i, subject]) => {
      verifications[i] = await verifier.verify(subject);
    });
    return { ...summary(verifications), noiseFloor: verifier.noiseFloor, verifications };
  } finally {
    if (options.tools === undefined) await tools.dispose();
  }
}

async function* inTurn(subjects: readonly Subject[]) {
  yield* subjects;
}

function summary(verifications: readonly Verification[]) {
  const count = (wanted: Verification['verdict']) =>
    verifications.filter(({ verdict }) => verdict === wanted).length;
  const [accepted, unverifiable] = [count('accepted'), count('unverifiable')];
  const verified = verifications.length - unverifiable;
  const faces = verifications.flatMap(({ measures: { face } }) => face ?? []);
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  return {
    ...{ accepted, rejected: count('rejected'), unverifiable },
    ...(verified > 0 && { acceptedShare: accepted / verified }),
    ...(faces.length > 0 && {
      landmarkDriftPixels: mean(faces.map((face) => face.landmarkDriftPixels)),
      identityCosine: mean(faces.map((face) => face.identityCosine)),
    }),
  };
}
