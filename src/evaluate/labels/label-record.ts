import type { ImageMeasures } from '../../refine/verification/measure-image.ts';
import type { Verification } from '../../refine/verification/verifier.ts';

/** What is kept of one pair for the summary and the report: a few numbers, so that 100,000 fit. */
export interface LabelRecord {
  readonly name: string;
  readonly verdict: Verification['verdict'];
  readonly reasons: readonly string[];
  readonly driftPixels?: number | undefined;
  readonly driftOfEyes?: number | undefined;
  readonly errorBefore?: number | undefined;
  readonly errorAfter?: number | undefined;
  readonly identityCosine?: number | undefined;
  readonly faceFoundAfter?: boolean | undefined;
  /** The largest displacement of eye, lip and brow edges off their masks, in pixels. */
  readonly edgeDisplacement?: number | undefined;
  readonly structuralSimilarity: number;
  readonly colorDifference: number;
  /** Degrees of the typology angle: of the input, and how far it moved. */
  readonly typologyAngle?: number | undefined;
  readonly typologyShift?: number | undefined;
  readonly lightnessShift?: number | undefined;
  /** Degrees, where the set says so. */
  readonly yaw?: number | undefined;
}

/** The record of a verified pair. */
export function labelRecord(name: string, verification: Verification, yaw?: number): LabelRecord {
  const { measures } = verification;
  const { face, complexion, complexionShift } = measures;
  return {
    name,
    verdict: verification.verdict,
    reasons: verification.verdict === 'rejected' ? verification.reasons.map((r) => r.text) : [],
    driftPixels: face?.landmarkDriftPixels,
    driftOfEyes: face?.landmarkDriftOfEyes,
    errorBefore: face?.landmarkErrorBefore,
    errorAfter: face?.landmarkErrorAfter,
    identityCosine: face?.identityCosine,
    faceFoundAfter: face && face.scoreAfter > 0,
    edgeDisplacement: worstEdge(measures),
    structuralSimilarity: measures.structuralSimilarity,
    colorDifference: measures.colorDifference,
    typologyAngle: complexion?.typologyAngle,
    typologyShift: complexionShift?.typologyAngle,
    lightnessShift: complexionShift?.lightness,
    yaw,
  };
}

function worstEdge({ edges }: ImageMeasures): number | undefined {
  const displacements = Object.values(edges).map(({ displacement }) => displacement);
  return displacements.length === 0 ? undefined : Math.max(...displacements);
}
