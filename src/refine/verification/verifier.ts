import { randomKey } from '../../base/random.ts';
import type { ColorImage, FaceTools, Landmarks } from '../../faces/index.ts';
import type { VerificationConfig } from './config.ts';
import { type FindFace, findInputFace, type InputFace } from './face.ts';
import { judgeImage, resolveThresholds, type Thresholds, type Verdict } from './judge-image.ts';
import { type ImageMeasures, measureImage, type Subject } from './measure-image.ts';
import { measureNoiseFloor, type NoiseFloor } from './noise-floor.ts';

/** The verdict on one image and what it rests on: what `refinement.jsonl` holds of it. */
export type Verification = Verdict & { readonly measures: ImageMeasures };

/** Verifies refined images of one set. */
export interface Verifier {
  readonly noiseFloor: NoiseFloor;
  readonly thresholds: Thresholds;
  /** Calls may overlap as far as the face tools allow it. */
  verify(subject: Subject): Promise<Verification>;
}

export interface VerifierOptions {
  readonly tools: FaceTools;
  /** Finds the faces of the sample; by default with the tools. */
  readonly findFace?: FindFace;
  readonly config: VerificationConfig;
  /** Input images that stand for the set; the first `noiseFloorImages` with a face are used. */
  readonly sample: AsyncIterable<{
    readonly input: ColorImage;
    readonly truth?: Landmarks | undefined;
  }>;
}

/** Images looked at without finding a face, as a multiple of those wanted, before giving up. */
const patience = 3;

/** Measures the noise floor on a sample of the set and prepares verification by it. */
export async function createVerifier({
  tools,
  findFace = (image, truth) => findInputFace(tools, image, truth),
  config,
  sample,
}: VerifierOptions): Promise<Verifier> {
  const subjects: { image: ColorImage; face: InputFace }[] = [];
  let seen = 0;
  for await (const { input, truth } of sample) {
    const face = await findFace(input, truth);
    if (face !== undefined) subjects.push({ image: input, face });
    seen++;
    if (subjects.length === config.noiseFloorImages) break;
    if (seen === patience * config.noiseFloorImages) break;
  }
  const noiseFloor = await measureNoiseFloor(tools, subjects, randomKey(0));
  const thresholds = resolveThresholds(config, noiseFloor);
  return {
    noiseFloor,
    thresholds,
    verify: async (subject) => {
      const face = (await findFace(subject.input, subject.truth)) ?? null;
      const measures = await measureImage(tools, subject, face);
      const { width, height } = subject.input;
      return { ...judgeImage(measures, thresholds, Math.max(width, height)), measures };
    },
  };
}
