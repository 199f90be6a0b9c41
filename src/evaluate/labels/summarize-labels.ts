import { type RandomKey, split, uniform } from '../../base/random.ts';
import {
  type ComplexionGroup,
  complexionGroupOf,
  complexionGroups,
} from '../../refine/verification/complexion.ts';
import type { NoiseFloor } from '../../refine/verification/noise-floor.ts';
import { bootstrap, percentileInterval } from '../statistics/bootstrap.ts';
import type { LabelRecord } from './label-record.ts';

/** The mean over images with its 95 % bootstrap interval. */
export interface MeanEstimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly images: number;
}

/** What refinement did to the complexion of one group. */
export interface ComplexionGroupShift extends MeanEstimate {
  readonly complexion: ComplexionGroup;
  readonly yaw: YawGroup;
}

export const yawGroups = ['frontal', 'half profile', 'profile', 'unknown'] as const;
export type YawGroup = (typeof yawGroups)[number];

/** Labels of a whole set; means are absent where no image has the value. */
export interface LabelSummary {
  readonly accepted: number;
  readonly rejected: number;
  readonly unverifiable: number;
  readonly landmarkDriftPixels?: MeanEstimate & { readonly noiseFloor: number };
  readonly landmarkDriftOfEyes?: MeanEstimate & { readonly noiseFloor: number };
  /** Distance of found to true landmarks in pixels, before and after. */
  readonly landmarkErrorPixels?: { readonly before: MeanEstimate; readonly after: MeanEstimate };
  readonly identityCosine?: MeanEstimate;
  readonly facesLost: number;
  readonly edgeDisplacementPixels?: MeanEstimate;
  readonly structuralSimilarity?: MeanEstimate;
  readonly colorDifference?: MeanEstimate;
  /** Degrees; positive is lighter. */
  readonly complexionShiftDegrees?: MeanEstimate & {
    readonly groups: readonly ComplexionGroupShift[];
  };
  /** L* of the skin; positive is lighter. */
  readonly lightnessShift?: MeanEstimate;
}

/** Sums up the labels of a set. */
export function summarizeLabels(
  records: readonly LabelRecord[],
  floor: NoiseFloor,
  key: RandomKey,
): LabelSummary {
  const count = (verdict: LabelRecord['verdict']) =>
    records.filter((record) => record.verdict === verdict).length;
  const mean = (of: (record: LabelRecord) => number | undefined, from = records) =>
    meanEstimate(
      from.map(of).filter((value) => value !== undefined),
      key,
    );
  const pixels = mean((r) => r.driftPixels);
  const ofEyes = mean((r) => r.driftOfEyes);
  const before = mean((r) => r.errorBefore);
  const after = mean((r) => r.errorAfter);
  const shift = mean((r) => r.typologyShift);
  return {
    accepted: count('accepted'),
    rejected: count('rejected'),
    unverifiable: count('unverifiable'),
    ...(pixels && { landmarkDriftPixels: { ...pixels, noiseFloor: floor.meanPixels } }),
    ...(ofEyes && { landmarkDriftOfEyes: { ...ofEyes, noiseFloor: floor.meanOfEyes } }),
    ...(before && after && { landmarkErrorPixels: { before, after } }),
    ...optional(
      'identityCosine',
      mean((r) => r.identityCosine),
    ),
    facesLost: records.filter((r) => r.faceFoundAfter === false).length,
    ...optional(
      'edgeDisplacementPixels',
      mean((r) => r.edgeDisplacement),
    ),
    ...optional(
      'structuralSimilarity',
      mean((r) => r.structuralSimilarity),
    ),
    ...optional(
      'colorDifference',
      mean((r) => r.colorDifference),
    ),
    ...(shift && { complexionShiftDegrees: { ...shift, groups: complexionShifts(records, mean) } }),
    ...optional(
      'lightnessShift',
      mean((r) => r.lightnessShift),
    ),
  };
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value });
}

/** Frontal within 15°, profile beyond 45°. */
export function yawGroupOf(yaw: number | undefined): YawGroup {
  if (yaw === undefined) return 'unknown';
  const turned = Math.abs(yaw);
  return turned <= 15 ? 'frontal' : turned <= 45 ? 'half profile' : 'profile';
}

function complexionShifts(
  records: readonly LabelRecord[],
  mean: (
    of: (record: LabelRecord) => number | undefined,
    from: readonly LabelRecord[],
  ) => MeanEstimate | undefined,
): ComplexionGroupShift[] {
  return complexionGroups.flatMap(([complexion]) =>
    yawGroups.flatMap((yaw) => {
      const own = records.filter(
        ({ typologyAngle, ...record }) =>
          typologyAngle !== undefined &&
          complexionGroupOf(typologyAngle) === complexion &&
          yawGroupOf(record.yaw) === yaw,
      );
      const estimate = mean((r) => r.typologyShift, own);
      return estimate === undefined ? [] : [{ complexion, yaw, ...estimate }];
    }),
  );
}

/** Draws for an interval, and images above which the normal theory gives the same in no time. */
const [replicates, manyImages] = [500, 2000];

function meanEstimate(values: readonly number[], key: RandomKey): MeanEstimate | undefined {
  if (values.length === 0) return undefined;
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n > manyImages) {
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
    const margin = 1.96 * Math.sqrt(variance / n);
    return { mean, low: mean - margin, high: mean + margin, images: n };
  }
  const means = bootstrap(
    { key: split(key, 'mean'), replicates },
    (drawn) => uniform(drawn, n).reduce((sum, u) => sum + values[Math.floor(u * n)], 0) / n,
  );
  return { mean, ...percentileInterval(means), images: n };
}
