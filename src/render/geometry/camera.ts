import { type Projected, snap } from '../raster/rasterize.ts';

/**
 * A pinhole camera on the z axis at `distance` from the origin, looking along −z.
 * Image x = centreX + focal · x / (distance − z), image y = centreY − focal · y / (distance − z).
 */
export interface Camera {
  /** Decimetres. */
  readonly distance: number;
  /** Pixels. */
  readonly focal: number;
  readonly centreX: number;
  readonly centreY: number;
}

/** Nothing nearer to the camera than this is drawn, decimetres. */
const near = 1;

export interface CameraOptions {
  /** Edge of the square image, pixels. */
  readonly size: number;
  /** Metres from the face. */
  readonly distance: number;
  /** Height of the face, as a share of the image. */
  readonly faceHeight: number;
  readonly shift: readonly [number, number];
  /** Height of this head's face, decimetres. */
  readonly faceDecimetres: number;
}

/** The camera that shows a face at the origin at the wanted height. */
export function portraitCamera(options: CameraOptions): Camera {
  const { size, shift } = options;
  const distance = options.distance * 10;
  return {
    distance,
    focal: (options.faceHeight * size * distance) / options.faceDecimetres,
    centreX: size * (0.5 + shift[0]),
    centreY: size * (0.5 + shift[1]),
  };
}

export interface ProjectOptions {
  /** Samples a pixel. */
  readonly scale: number;
  /** How much nearer than it is a surface counts in the depth test, decimetres. */
  readonly advance?: number;
}

/** Projects `[vertices, 3]` to samples. Nearness is 1/w, 0 behind the camera. */
export function project(
  positions: Float32Array,
  camera: Camera,
  { scale, advance = 0 }: ProjectOptions,
  out: Projected,
): void {
  const { distance, focal, centreX, centreY } = camera;
  const count = positions.length / 3;
  for (let i = 0; i < count; i++) {
    const w = distance - positions[3 * i + 2];
    const inverse = w > near ? 1 / w : 0;
    out.nearness[i] = w > near ? 1 / (w - advance) : 0;
    out.x[i] = snap((centreX + focal * positions[3 * i] * inverse) * scale);
    out.y[i] = snap((centreY - focal * positions[3 * i + 1] * inverse) * scale);
  }
}
