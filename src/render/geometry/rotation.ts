/** A unit quaternion `[x, y, z, w]`. */
export type Quaternion = readonly [number, number, number, number];
/** A 3 × 3 rotation, row by row. */
export type Matrix3 = readonly number[];

export interface Angles {
  /** Degrees; positive turns the nose toward the image's right edge. */
  readonly yaw: number;
  /** Degrees; positive turns the nose down. */
  readonly pitch: number;
  /** Degrees; positive turns the head anticlockwise as seen. */
  readonly roll: number;
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

function aboutAxis(axis: 0 | 1 | 2, degrees: number): Quaternion {
  const q = [0, 0, 0, Math.cos(radians(degrees) / 2)];
  q[axis] = Math.sin(radians(degrees) / 2);
  return q as unknown as Quaternion;
}

export function multiply(a: Quaternion, b: Quaternion): Quaternion {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

/**
 * The rotation of a head: `R = R_z(roll) · R_y(yaw) · R_x(pitch)`, all right-handed, with x to the
 * image's right, y up and z toward the camera. So yaw and pitch are the azimuth and the depression
 * of the nose before the roll.
 */
export function headRotation({ yaw, pitch, roll }: Angles): Quaternion {
  return multiply(multiply(aboutAxis(2, roll), aboutAxis(1, yaw)), aboutAxis(0, pitch));
}

/** The rotation a share of the way from one to another (Shoemake 1985). */
export function slerp(from: Quaternion, to: Quaternion, share: number): Quaternion {
  let cosine = from[0] * to[0] + from[1] * to[1] + from[2] * to[2] + from[3] * to[3];
  const sign = cosine < 0 ? -1 : 1;
  cosine *= sign;
  const angle = Math.acos(Math.min(1, cosine));
  const sine = Math.sin(angle);
  const a = sine < 1e-6 ? 1 - share : Math.sin((1 - share) * angle) / sine;
  const b = (sine < 1e-6 ? share : Math.sin(share * angle) / sine) * sign;
  return [0, 1, 2, 3].map((k) => a * from[k] + b * to[k]) as unknown as Quaternion;
}

export function rotationMatrix([x, y, z, w]: Quaternion): Matrix3 {
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
  ];
}
