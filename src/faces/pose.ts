import { type Landmarks, leftmostEye, rightmostEye } from './landmarks.ts';
import { meanFace } from './mean-face.ts';

/**
 * Rotation of a head in degrees: positive yaw turns the nose toward the image's right edge,
 * positive pitch turns it down, positive roll turns the head anticlockwise as seen.
 */
export interface Pose {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /**
   * How badly the mean face fits: root mean square distance of a coordinate in units of the face's
   * size. About 0.004 for a face, above 0.02 for what is none.
   */
  readonly residual: number;
}

const firstLandmark = 17;

/**
 * The rotation `R = R_z(roll) · R_y(yaw) · R_x(pitch)` of angles in radians, by rows, of a face
 * with x to the image's right, y down and z toward the camera.
 */
export function rotationOf([yaw, pitch, roll]: readonly number[]): readonly number[] {
  const [sy, cy] = [Math.sin(yaw), Math.cos(yaw)];
  const [sp, cp] = [Math.sin(pitch), Math.cos(pitch)];
  const [sr, cr] = [Math.sin(roll), Math.cos(roll)];
  // R_y · R_x first, then the anticlockwise turn, in which y points down.
  const x = [cy, -sy * sp, sy * cp];
  const y = [0, cp, sp];
  const z = [-sy, -cy * sp, cy * cp];
  const turned = (a: number, b: number) => x.map((value, i) => a * value + b * y[i]);
  return [...turned(cr, sr), ...turned(-sr, cr), ...z];
}

interface Target {
  /** The landmarks' coordinates about their mean, x and y in turn. */
  readonly points: Float64Array;
}

/** Differences of landmarks and mean face for three angles, in units of the mean face. */
function residuals({ points }: Target, angles: readonly number[]): Float64Array {
  const r = rotationOf(angles);
  const result = new Float64Array(points.length);
  let [shared, square] = [0, 0];
  for (let k = 0; k < meanFace.length; k++) {
    const [x, y, z] = meanFace[k];
    const u = r[0] * x + r[1] * y + r[2] * z;
    const v = r[3] * x + r[4] * y + r[5] * z;
    shared += u * points[2 * k] + v * points[2 * k + 1];
    square += u * u + v * v;
    result[2 * k] = u;
    result[2 * k + 1] = v;
  }
  const scale = Math.max(shared / square, 1e-9);
  for (let i = 0; i < result.length; i++) result[i] = points[i] / scale - result[i];
  return result;
}

function dot(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i] * q[i];
  return sum;
}

const sumOfSquares = (values: Float64Array) => dot(values, values);

/** One damped Gauss-Newton step (Levenberg 1944), with derivatives by differences. */
function step(target: Target, angles: readonly number[], damping: number): number[] {
  const base = residuals(target, angles);
  const epsilon = 1e-4;
  const columns = angles.map((_, k) => {
    const moved = residuals(
      target,
      angles.map((angle, i) => (i === k ? angle + epsilon : angle)),
    );
    return moved.map((value, i) => (value - base[i]) / epsilon);
  });
  const matrix = columns.map((p) => columns.map((q) => dot(p, q)));
  const lift = (damping * (matrix[0][0] + matrix[1][1] + matrix[2][2])) / 3;
  const system = matrix.map((row, i) => row.map((value, j) => (i === j ? value + lift : value)));
  const change = solve3(
    system,
    columns.map((column) => -dot(column, base)),
  );
  return angles.map((angle, i) => angle + change[i]);
}

/** The solution of a 3 × 3 system by Cramer's rule. */
function solve3(m: readonly (readonly number[])[], v: readonly number[]): number[] {
  const determinant = (a: readonly (readonly number[])[]) =>
    a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) -
    a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0]) +
    a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
  const whole = determinant(m);
  return [0, 1, 2].map(
    (k) => determinant(m.map((row, i) => row.map((a, j) => (j === k ? v[i] : a)))) / whole,
  );
}

/**
 * The pose of a head from its landmarks: the rotation, scale and shift under which the mean face,
 * seen from far away (weak perspective), fits the 51 inner landmarks best, by least squares. On 159
 * renders of other people its mean absolute error was 2.8° of yaw, 4.8° of pitch and 1.2° of roll.
 */
export function estimatePose(landmarks: Landmarks): Pose {
  const inner = landmarks.slice(firstLandmark);
  const mean = [0, 1].map((axis) => inner.reduce((sum, p) => sum + p[axis], 0) / inner.length);
  const points = Float64Array.from(inner.flatMap((p) => [p[0] - mean[0], p[1] - mean[1]]));
  const [left, right] = [leftmostEye(landmarks), rightmostEye(landmarks)];
  let angles = [0, 0, -Math.atan2(right[1] - left[1], right[0] - left[0])];
  let error = sumOfSquares(residuals({ points }, angles));
  let damping = 1e-3;
  for (let round = 0; round < 40; round++) {
    const next = step({ points }, angles, damping);
    const nextError = sumOfSquares(residuals({ points }, next));
    if (nextError < error) {
      const gain = error - nextError;
      [angles, error] = [next, nextError];
      damping /= 4;
      if (gain < 1e-12) break;
    } else {
      damping *= 8;
      if (damping > 1e6) break;
    }
  }
  const [yaw, pitch, roll] = angles.map((angle) => (angle * 180) / Math.PI);
  return { yaw, pitch, roll, residual: Math.sqrt(error / points.length) };
}
