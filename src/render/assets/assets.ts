import type { Detail, SparseTargets } from './targets.ts';
import type { Texture } from './texture.ts';

/** Raised by one whenever the content of the pack changes, so that old cache files are not read. */
export const packFormat = 4;

export interface Surface {
  /** `[triangles, 3]` vertex numbers, anticlockwise seen from outside. */
  readonly triangles: Uint16Array;
  /** `[triangles, 3]` indices into `uvs`. */
  readonly triangleUvs: Uint16Array;
  /** `[uvs, 2]`, 0 … 1, origin at the top-left corner of the texture. */
  readonly uvs: Float32Array;
}

/** Which sheet of the body's texture a triangle belongs to. */
export const islands = { outside: 0, mouthCavity: 1, eyeSocket: 2 } as const;

export interface Body extends Surface {
  readonly vertexCount: number;
  /** The first vertices belong to the body's surface, the others only carry fitted items. */
  readonly surfaceVertexCount: number;
  /** `[vertices, 3]` at rest, decimetres. */
  readonly rest: Float32Array;
  /** Share of the turn of the head that a vertex follows: 0 torso … 1 head. */
  readonly headShare: Float32Array;
  /** Share of the lowering of the arm: positive left, negative right. */
  readonly armShare: Float32Array;
  /** Ambient occlusion at rest, 0 … 1. */
  readonly ambient: Float32Array;
  /** How thick a beard grows, 0 … 1. */
  readonly stubble: Float32Array;
  /** One of `islands` a triangle. */
  readonly island: Uint8Array;
  /** Region scores a vertex: +1 inside, 0 border, −1 outside. */
  readonly scores: {
    readonly nose: Float32Array;
    readonly lips: Float32Array;
    readonly ear: Float32Array;
    readonly neck: Float32Array;
  };
  /** 1 where a lip vertex belongs to the lower lip. */
  readonly lowerLip: Uint8Array;
  readonly landmarks: Uint16Array;
  /** Vertices whose mean is a joint. */
  readonly joints: Readonly<Record<JointName, Uint16Array>>;
  /** Vertices at a distance of 1.48 dm that tell how wide the head has become. */
  readonly headWidth: readonly [number, number];
}

export type JointName = 'neck' | 'head' | 'leftEye' | 'rightEye' | 'leftShoulder' | 'rightShoulder';

/** Something fitted to the body: each vertex hangs on three body vertices plus an offset. */
export interface FittedItem extends Surface {
  readonly name: string;
  readonly references: Uint16Array;
  readonly weights: Float32Array;
  readonly offsets: Float32Array;
  /** 1 for each body triangle that the item covers. */
  readonly hidesTriangles?: Uint8Array;
  /** Ambient occlusion a vertex at rest, where it is known. */
  readonly ambient?: Float32Array;
  /** Opacity a vertex that trims strands in front of the eyes, 0 … 1. */
  readonly trim?: Float32Array;
  readonly texture?: Texture;
}

export interface SkinTexture {
  readonly name: string;
  readonly texture: Texture;
  /** Mean linear colour of the face. */
  readonly meanColor: readonly number[];
}

export interface Assets {
  readonly body: Body;
  readonly targets: SparseTargets;
  readonly details: readonly Detail[];
  readonly skins: readonly SkinTexture[];
  readonly hair: readonly FittedItem[];
  readonly eyebrows: readonly FittedItem[];
  readonly eyelashes: readonly FittedItem[];
  readonly clothes: readonly FittedItem[];
  readonly eyes: FittedItem;
  readonly irises: readonly { readonly name: string; readonly texture: Texture }[];
  readonly teeth: FittedItem;
  readonly tongue: FittedItem;
}
