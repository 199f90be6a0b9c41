import type { VerificationConfig } from './config.ts';
import type { FaceMeasures, ImageMeasures } from './measure-image.ts';
import type { NoiseFloor } from './noise-floor.ts';

/** The configuration with the drift that the noise floor allows. */
export type Thresholds = Omit<VerificationConfig, 'landmarkDrift' | 'noiseFloorImages'> & {
  readonly landmarkDrift: number;
};

/** Why an image was rejected. */
export type RejectionCode =
  | 'landmarks-moved'
  | 'identity-changed'
  | 'face-lost'
  | 'new-face'
  | 'mirrored'
  | 'shifted'
  | 'edges-lost'
  | 'edges-moved'
  | 'complexion-changed';

export interface Rejection {
  readonly code: RejectionCode;
  /** With the measured value and the threshold. */
  readonly text: string;
}

/**
 * `unverifiable` images passed by edges and masks alone, because the networks do not find the face
 * of the input; they are kept, and counted apart from the accepted ones.
 */
export type Verdict =
  | { readonly verdict: 'accepted' | 'unverifiable' }
  | { readonly verdict: 'rejected'; readonly reasons: readonly Rejection[] };

/**
 * Twice the noise floor's 95th percentile, but never more than what is taken for a lost landmark.
 */
export function resolveThresholds(config: VerificationConfig, floor: NoiseFloor): Thresholds {
  const { landmarkDrift, noiseFloorImages: _, ...others } = config;
  const measured = Math.min(Math.max(2 * floor.percentile95OfEyes, 0.04), 0.1);
  return { ...others, landmarkDrift: landmarkDrift === 'auto' ? measured : landmarkDrift };
}

/** The verdict on an image of `longerSide` pixels. */
export function judgeImage(
  measures: ImageMeasures,
  thresholds: Thresholds,
  longerSide: number,
): Verdict {
  const reasons = [
    ...(measures.face === undefined ? [] : judgeFace(measures.face, thresholds)),
    ...judgeAlignment(measures, thresholds, longerSide),
    ...judgeEdges(measures, thresholds, longerSide),
    ...judgeComplexion(measures, thresholds),
  ];
  if (reasons.length > 0) return { verdict: 'rejected', reasons };
  return { verdict: measures.face === undefined ? 'unverifiable' : 'accepted' };
}

/**
 * Rejects where a value that should be large is small; a value that is no number is rejected too.
 */
function below(code: RejectionCode, what: string, value: number, least: number): Rejection[] {
  if (value >= least) return [];
  return [{ code, text: `${what} is ${format(value)}, below ${format(least)}` }];
}

function above(code: RejectionCode, what: string, value: number, most: number): Rejection[] {
  if (value <= most) return [];
  return [{ code, text: `${what} is ${format(value)}, above ${format(most)}` }];
}

function format(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function judgeFace(face: FaceMeasures, t: Thresholds): Rejection[] {
  return [
    ...above(
      'landmarks-moved',
      'mean landmark drift (of the distance between the eyes)',
      face.landmarkDriftOfEyes,
      t.landmarkDrift,
    ),
    ...below('identity-changed', 'identity cosine', face.identityCosine, t.identityCosine),
    // A face that the detector hardly found before cannot be asked for as much afterwards.
    ...below(
      'face-lost',
      'detector score',
      face.scoreAfter,
      Math.min(t.faceScore, face.scoreBefore / 2),
    ),
    ...above('new-face', 'number of faces that the input does not have', face.newFaces, 0),
  ];
}

function judgeAlignment({ alignment }: ImageMeasures, t: Thresholds, side: number): Rejection[] {
  const { correlation, mirroredCorrelation, shift, shiftedCorrelation, edgeStrength } = alignment;
  if (mirroredCorrelation > correlation && mirroredCorrelation > t.alignment) {
    const text = `gradients correlate ${format(mirroredCorrelation)} with the mirror image, ${format(correlation)} with the input`;
    return [{ code: 'mirrored', text }];
  }
  // Between images that share no edges a best shift means nothing.
  const length = shiftedCorrelation > t.alignment ? Math.hypot(...shift) : 0;
  return [
    ...below('edges-lost', 'edge strength (of the input’s)', edgeStrength, t.edgeStrength),
    ...above('shifted', 'shift in pixels', length, t.shift * side),
    ...below('edges-lost', 'correlation of the gradients', correlation, t.alignment),
  ];
}

function judgeEdges({ edges }: ImageMeasures, t: Thresholds, side: number): Rejection[] {
  return Object.entries(edges).flatMap(([part, { displacement, correlation }]) => [
    ...above(
      'edges-moved',
      `displacement of the ${part} off their mask in pixels`,
      displacement,
      t.edgeDisplacement * side,
    ),
    ...below('edges-moved', `likeness of the edges of the ${part}`, correlation, t.edgeCorrelation),
  ]);
}

function judgeComplexion({ complexionShift }: ImageMeasures, t: Thresholds): Rejection[] {
  if (complexionShift === undefined) return [];
  const { typologyAngle, lightness } = complexionShift;
  return typologyAngle === undefined
    ? above('complexion-changed', 'shift of L* of the skin', Math.abs(lightness), t.lightnessShift)
    : above(
        'complexion-changed',
        'shift of the skin’s typology angle in degrees',
        Math.abs(typologyAngle),
        t.complexionShift,
      );
}
