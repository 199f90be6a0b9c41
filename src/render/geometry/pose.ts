import type { Scene } from '../scene/scene.ts';
import { headRotation, rotationMatrix, slerp } from './rotation.ts';

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

/**
 * Rotations (9 numbers each, row by row) for shares of the turn of the head in steps of 1/256: the
 * first is the torso's, the last the head's.
 */
export function poseTable(scene: Pick<Scene, 'pose' | 'torso'>): Float64Array {
  const from = headRotation(scene.torso);
  const to = headRotation(scene.pose);
  const table = new Float64Array(9 * (steps + 1));
  for (let i = 0; i <= steps; i++) table.set(rotationMatrix(slerp(from, to, i / steps)), 9 * i);
  return table;
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
  table: Float64Array,
): void {
  const { positions, headShare, armShare } = vertices;
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
    const share = headShare[i];
    const m = 9 * (share <= 0 ? 0 : share >= 1 ? steps : (share * steps + 0.5) | 0);
    positions[3 * i] = table[m] * x + table[m + 1] * y + table[m + 2] * z;
    positions[3 * i + 1] = table[m + 3] * x + table[m + 4] * y + table[m + 5] * z;
    positions[3 * i + 2] = table[m + 6] * x + table[m + 7] * y + table[m + 8] * z;
  }
}
