import { describe, expect, it } from 'vitest';
import type { Point } from './geometry.ts';
import { meanFace } from './mean-face.ts';
import { estimatePose, rotationOf } from './pose.ts';

/**
 * The mean face under a rotation, 60 pixels large; the jaw, which the estimate ignores, is missing.
 */
function landmarksAt(degrees: readonly [yaw: number, pitch: number, roll: number]): Point[] {
  const r = rotationOf(degrees.map((angle) => (angle * Math.PI) / 180));
  const inner = meanFace.map(([x, y, z]): Point => {
    const u = r[0] * x + r[1] * y + r[2] * z;
    const v = r[3] * x + r[4] * y + r[5] * z;
    return [64 + 60 * u, 60 + 60 * v];
  });
  return [...new Array<Point>(17).fill([0, 0]), ...inner];
}

describe('estimatePose', () => {
  it('finds the angles that the mean face was turned by', () => {
    for (const degrees of [
      [0, 0, 0],
      [40, -12, 5],
      [-55, 20, -18],
      [12, -30, 24],
    ] as const) {
      const { yaw, pitch, roll, residual } = estimatePose(landmarksAt(degrees));
      expect(yaw).toBeCloseTo(degrees[0], 2);
      expect(pitch).toBeCloseTo(degrees[1], 2);
      expect(roll).toBeCloseTo(degrees[2], 2);
      expect(residual).toBeLessThan(1e-5);
    }
  });

  it('counts yaw toward the right edge, pitch down and roll anticlockwise as positive', () => {
    const nose = (degrees: [number, number, number]) => landmarksAt(degrees)[30];
    expect(nose([20, 0, 0])[0]).toBeGreaterThan(nose([0, 0, 0])[0] + 1);
    expect(nose([0, 20, 0])[1]).toBeGreaterThan(nose([0, 0, 0])[1] + 1);
    const rolled = landmarksAt([0, 0, 20]);
    expect(rolled[45][1]).toBeLessThan(rolled[36][1] - 1);
  });

  it('says how badly points fit that are no face', () => {
    const scattered = landmarksAt([0, 0, 0]).map(
      ([x, y], i): Point => [x + ((i * 37) % 29) - 14, y + ((i * 53) % 31) - 15],
    );
    expect(estimatePose(scattered).residual).toBeGreaterThan(0.02);
  });
});
