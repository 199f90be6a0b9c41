import { describe, expect, it } from 'vitest';
import type { ReportJson } from '../../src/evaluate/report/report-json.ts';
import { fromReport } from './measure-run.ts';

const estimate = (value: number) => ({ value, low: value - 1, high: value + 1 });
const entry = (refined: number) => ({
  synthetic: estimate(10),
  refined: estimate(refined),
  real: estimate(0),
  gapClosed: 1 - refined / 10,
  gapClosedInterval: { low: 0.1, high: 0.9 },
  images: 20,
  comparableWith: '',
});
const mean = (value: number) => ({ mean: value, low: value, high: value, images: 20 });
const shift = (complexion: string, value: number) => ({
  ...{ complexion, yaw: 'frontal' },
  ...mean(value),
});
const report = {
  realism: { 'kid-inception-mixed5': entry(7), 'fd-inception-mixed5': entry(4) },
  labels: {
    ...{ accepted: 12, rejected: 6, unverifiable: 2, facesLost: 5, rejections: [], thresholds: {} },
    landmarkDriftPixels: { ...mean(0.36789), noiseFloor: 0.4 },
    identityCosine: { mean: null },
    complexionShiftDegrees: { ...mean(1), groups: [shift('light', 2), shift('dark', -9)] },
  },
} as unknown as Pick<ReportJson, 'realism' | 'labels'>;
const accuracies = {
  synthetic: { accuracy: 0.9 },
  refined: { accuracy: 0.8 },
  real: { accuracy: 0.5 },
};

describe('fromReport', () => {
  it('keeps distances, shares of the images, and the group whose complexion moved most', () => {
    const measures = fromReport(report);
    expect(measures.kid.gapClosed).toEqual({ value: 0.3, low: 0.1, high: 0.9 });
    expect(measures.fd.refined).toEqual({ value: 4, low: 3, high: 5 });
    expect(measures).toMatchObject({
      ...{ accepted: 0.6, rejected: 0.3, unverifiable: 0.1, facesLost: 0.25 },
      landmarkDriftPixels: { mean: 0.3679, noiseFloor: 0.4 },
      identityCosine: null,
      complexionShiftDegrees: { mean: 1, largestGroup: { name: 'dark, frontal', mean: -9 } },
    });
  });

  it('takes the two-sample test of small networks, else that of features, else none', () => {
    const renamed = { renders: 0.9, refined: 0.8, photographs: 0.5 };
    const of = (more: object) => fromReport({ ...report, ...more }).twoSample;
    expect(of({ classifierTwoSample: accuracies })).toEqual(renamed);
    expect(of({ twoSample: { 'inception-mixed5': accuracies } })).toEqual(renamed);
    expect(of({ classifierTwoSample: null })).toBeNull();
  });
});
