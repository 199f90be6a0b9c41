import type { Scene } from '../scene/scene.ts';
import { headRotation, type Matrix3, rotationMatrix, slerp } from './rotation.ts';

/** How far upstream's arms, which stand off the body, are lowered, degrees. */
const armLowering = 28;
const steps = 256;

export type Point = readonly [number, number, number];

export interface Skeleton {
  /** The point in the neck that everything turns about. */
  readonly pivot: Point;
  readonly leftShoulder: Point;
  readonly rightShoulder: Point;
}

/** Rotations for shares of the turn of the head in `1 / 256` steps, 0 the torso's, 1 the head's. */
export function poseTable(scene: Pick<Scene, 'pose' | 'torso'>): readonly Matrix3[] {
  const from = headRotation(scene.torso);
  const to = headRotation(scene.pose);
  return Array.from({ length: steps + 1 }, (_, i) => rotationMatrix(slerp(from, to, i / steps)));
}

/**
 * Poses vertices in place: arms are lowered about the shoulders, then every vertex turns about the
 * neck by its own share between torso and head. The pivot moves to the origin.
 */
export function poseVertices(
  vertices: {
    readonly positions: Float32Array;
    readonly headShare: Float32Array;
    readonly armShare: Float32Array;
  },
  skeleton: Skeleton,
  table: readonly Matrix3[],
): void {
  const { positions, headShare, armShare } = vertices;
  const flat = Float64Array.from(table.flat());
  const [px, py, pz] = skeleton.pivot;
  const count = positions.length / 3;
  for (let i = 0; i < count; i++) {
    let x = positions[3 * i];
    let y = positions[3 * i + 1];
    const z = positions[3 * i + 2] - pz;
    const arm = armShare[i];
    if (arm !== 0) {
      const shoulder = arm > 0 ? skeleton.leftShoulder : skeleton.rightShoulder;
      const angle = (-arm * armLowering * Math.PI) / 180;
      const dx = x - shoulder[0];
      const dy = y - shoulder[1];
      x = shoulder[0] + dx * Math.cos(angle) - dy * Math.sin(angle);
      y = shoulder[1] + dx * Math.sin(angle) + dy * Math.cos(angle);
    }
    x -= px;
    y -= py;
    const m = 9 * Math.round(Math.min(1, Math.max(0, headShare[i])) * steps);
    positions[3 * i] = flat[m] * x + flat[m + 1] * y + flat[m + 2] * z;
    positions[3 * i + 1] = flat[m + 3] * x + flat[m + 4] * y + flat[m + 5] * z;
    positions[3 * i + 2] = flat[m + 6] * x + flat[m + 7] * y + flat[m + 8] * z;
  }
}
