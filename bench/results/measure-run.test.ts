import { describe, expect, it } from 'vitest';
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
  classifierTwoSample: {
    synthetic: { accuracy: 0.9 },
    refined: { accuracy: 0.8 },
    real: { accuracy: 0.5 },
  },
} as unknown as Parameters<typeof fromReport>[0];

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

  it('keeps the two-sample test where there is one', () => {
    const renamed = { renders: 0.9, refined: 0.8, photographs: 0.5 };
    expect(fromReport(report).twoSample).toEqual(renamed);
    expect(fromReport({ ...report, classifierTwoSample: null }).twoSample).toBeNull();
  });
});
