import type { FittedItem, Surface } from '../assets/assets.ts';
import type { Projected } from '../raster/rasterize.ts';
import type { Camera } from './camera.ts';
import type { Point } from './pose.ts';

export type LayerKind =
  | 'body'
  | 'eyes'
  | 'teeth'
  | 'tongue'
  | 'clothing'
  | 'eyebrows'
  | 'eyelashes'
  | 'hair';

/**
 * A posed surface in camera space: x to the image's right, y up, z toward the camera, decimetres.
 */
export interface Layer {
  readonly kind: LayerKind;
  readonly surface: Surface;
  readonly item?: FittedItem;
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly projected: Projected;
  /** How much nearer than it is the layer counts in the depth test, decimetres. */
  readonly advance: number;
  /** Number of its first triangle among all layers. */
  readonly firstTriangle: number;
}

export interface Figure {
  readonly layers: readonly Layer[];
  readonly camera: Camera;
  /** `[68, 3]` in camera space. */
  readonly landmarks: Float32Array;
  /** Middle of the head, camera space. */
  readonly headCentre: Point;
}
