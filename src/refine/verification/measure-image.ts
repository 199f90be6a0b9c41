import type { ColorImage, FaceTools, Landmarks } from '../../faces/index.ts';
import { intersectionOverUnion } from '../../faces/index.ts';
import { parts } from '../../render/assets/parts.ts';
import { type Alignment, alignGradients } from './alignment.ts';
import { meanColorDifference } from './color-difference.ts';
import {
  type Complexion,
  type ComplexionShift,
  complexionOf,
  complexionShift,
} from './complexion.ts';
import {
  certainScore,
  cosine,
  faceUnit,
  findInputFace,
  type InputFace,
  leastScore,
  meanDistance,
  sameFaceOverlap,
} from './face.ts';
import { type EdgeAgreement, type EdgePart, edgeAgreement, edgeParts } from './mask-edges.ts';
import type { PartMask } from './part-mask.ts';
import { cheekMask } from './skin-region.ts';
import { structuralSimilarity } from './structural-similarity.ts';

/** An image before and after refinement, with what is known about it. */
export interface Subject {
  readonly input: ColorImage;
  /** Of the input's size. */
  readonly refined: ColorImage;
  readonly mask?: PartMask | undefined;
  /** The true 68 landmarks. */
  readonly truth?: Landmarks | undefined;
}

/** What the face networks say; all distances are means over the 68 landmarks. */
export interface FaceMeasures {
  readonly scoreBefore: number;
  /** 0 where the face is not found in the refined image. */
  readonly scoreAfter: number;
  /** Faces in the refined image that the input does not have. */
  readonly newFaces: number;
  readonly landmarkDriftPixels: number;
  /** The same as a fraction of the distance between the eyes. */
  readonly landmarkDriftOfEyes: number;
  /** Distance of the found to the true landmarks, in pixels. */
  readonly landmarkErrorBefore?: number;
  readonly landmarkErrorAfter?: number;
  readonly identityCosine: number;
}

/** What was measured of one image. */
export interface ImageMeasures {
  /** Absent where the networks do not find the face of the input. */
  readonly face?: FaceMeasures;
  readonly alignment: Alignment;
  readonly edges: Partial<Readonly<Record<EdgePart, EdgeAgreement>>>;
  readonly structuralSimilarity: number;
  /** Mean ΔE₀₀ (CIEDE2000) over all pixels. */
  readonly colorDifference: number;
  /** Of the input's skin: of the part mask, or of the cheeks where there is none. */
  readonly complexion?: Complexion;
  readonly complexionShift?: ComplexionShift;
}

/**
 * Measures what refinement did to the labels of one image. Landmarks are looked for in the same box
 * before and after, and identities are compared on the same crop, so that neither hides a movement.
 *
 * @param face of the input, where it was looked for already; null where it was not found
 */
export async function measureImage(
  tools: FaceTools,
  { input, refined, mask, truth }: Subject,
  face?: InputFace | null,
): Promise<ImageMeasures> {
  const found = face === undefined ? await findInputFace(tools, input, truth) : (face ?? undefined);
  const region = mask && Uint8Array.from(mask.codes, (c) => (c === parts.background ? 0 : 1));
  const edges = mask === undefined ? [] : measureEdges(input, refined, mask);
  const skin = mask ?? (found && cheekMask(found.landmarks, input));
  const before = skin && complexionOf(input, skin);
  const after = skin && complexionOf(refined, skin);
  return {
    ...(found && { face: await measureFace(tools, found, refined, truth) }),
    alignment: alignGradients(input, refined, region && { region }),
    edges: Object.fromEntries(edges),
    structuralSimilarity: structuralSimilarity(input, refined),
    colorDifference: meanColorDifference(input, refined),
    ...(before && { complexion: before }),
    ...(before && after && { complexionShift: complexionShift(before, after) }),
  };
}

function measureEdges(input: ColorImage, refined: ColorImage, mask: PartMask) {
  return (Object.keys(edgeParts) as EdgePart[]).flatMap((part) => {
    const agreement = edgeAgreement(input, refined, { mask, part });
    return agreement === undefined ? [] : [[part, agreement] as const];
  });
}

async function measureFace(
  tools: FaceTools,
  face: InputFace,
  refined: ColorImage,
  truth?: Landmarks,
): Promise<FaceMeasures> {
  const detections = await tools.detect(refined, { minimumScore: leastScore / 2 });
  const own = detections.filter(
    ({ box }) => intersectionOverUnion(box, face.box) >= sameFaceOverlap,
  );
  const known = [face.box, ...face.others];
  const isNew = detections.filter(
    ({ box, score }) =>
      score >= certainScore &&
      known.every((other) => intersectionOverUnion(box, other) < sameFaceOverlap),
  );
  const landmarks = await tools.landmarks(refined, face.box);
  const drift = meanDistance(face.landmarks, landmarks);
  return {
    scoreBefore: face.score,
    scoreAfter: Math.max(0, ...own.map(({ score }) => score)),
    newFaces: isNew.length,
    landmarkDriftPixels: drift,
    landmarkDriftOfEyes: drift / faceUnit(face),
    ...(truth?.length === face.landmarks.length && {
      landmarkErrorBefore: meanDistance(face.landmarks, truth),
      landmarkErrorAfter: meanDistance(landmarks, truth),
    }),
    identityCosine: cosine(face.embedding, await tools.embedding(refined, face.landmarks)),
  };
}
