import type { Assets } from '../assets/assets.ts';
import type { Layer } from '../geometry/layer.ts';
import { lightAt, type ShadowMap } from '../raster/shadow-map.ts';
import type { Direction, Scene } from '../scene/scene.ts';
import { surroundings } from './lighting.ts';
import { type Material, type Paint, paintOf } from './paint.ts';
import type { SurfacePoint } from './surface-point.ts';
import { linearOfByte, sampleTexture } from './texture-sampler.ts';

/** Sets `out` to the light that leaves a point toward the camera, linear RGB. */
export type SurfaceShader = (layer: Layer, point: SurfacePoint, out: Float64Array) => void;

/** Linear reflectance of a point. */
function readPaint(paint: Paint, point: SurfacePoint, out: Float64Array): void {
  sampleTexture(paint.texture, point.u, point.v, point.lod + paint.lod, out);
  for (let k = 0; k < 3; k++) out[k] = linearOfByte(out[k]);
  if (paint.dye > 0) {
    const luminance = 0.2126 * out[0] + 0.7152 * out[1] + 0.0722 * out[2];
    out.fill(Math.min(1.2, 0.3 + 1.6 * luminance));
  }
  const { gain, stubble } = paint;
  for (let k = 0; k < 3; k++) out[k] *= gain[k];
  if (stubble === undefined) return;
  const { growth } = stubble;
  const { a, b, c } = point;
  const grown = point.wa * growth[a] + point.wb * growth[b] + point.wc * growth[c];
  const share = grown * stubble.density;
  for (let k = 0; k < 3; k++) out[k] += (stubble.color[k] - out[k]) * share;
}

/** Turns the normal of a point toward the camera by a share. */
function flattenNormal(point: SurfacePoint, share: number): void {
  const nx = point.nx * (1 - share);
  const ny = point.ny * (1 - share);
  const nz = point.nz * (1 - share) + share;
  const unit = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz + 1e-9);
  point.nx = nx * unit;
  point.ny = ny * unit;
  point.nz = nz * unit;
}

function lobe(cosineHalf: number, power: number): number {
  return ((power + 8) / 8) * cosineHalf ** power;
}

/** Two Blinn lobes, normalised by (p + 8) / 8, with Schlick's Fresnel term (Schlick 1994). */
function highlight(material: Material, cosineHalf: number, cosineView: number): number {
  const fresnel = material.reflectance + (1 - material.reflectance) * (1 - cosineView) ** 5;
  const lobes =
    material.broad.strength * lobe(cosineHalf, material.broad.power) +
    material.narrow.strength * lobe(cosineHalf, material.narrow.power);
  return fresnel * lobes;
}

export interface ShadedFrame {
  readonly layers: readonly Layer[];
  /** Decimetres. */
  readonly cameraDistance: number;
  readonly shadow: ShadowMap;
}

const strandKinds: ReadonlySet<Layer['kind']> = new Set(['hair', 'eyebrows', 'eyelashes']);

/** How a point stands to light and camera. */
interface Stand {
  open: number;
  toLight: number;
  facing: number;
  shine: number;
  /** Key light that arrives, with what bleeds past the shadow line. */
  arriving: number;
  /** The direction that the camera sees reflected. */
  rx: number;
  ry: number;
  rz: number;
}

function standOf(
  point: SurfacePoint,
  paint: Paint,
  { cameraDistance, shadow }: ShadedFrame,
  toward: Direction,
  out: Stand,
): void {
  // Indexed, not destructured: this runs for every pixel.
  const lx = toward[0];
  const ly = toward[1];
  const lz = toward[2];
  const { material, ambient } = paint;
  const { nx, ny, nz, x, y, z, wa, wb, wc } = point;
  const open =
    ambient === undefined
      ? paint.open
      : wa * ambient[point.a] + wb * ambient[point.b] + wc * ambient[point.c];
  const dz = cameraDistance - z;
  const inverse = 1 / Math.sqrt(x * x + y * y + dz * dz);
  const vx = -x * inverse;
  const vy = -y * inverse;
  const vz = dz * inverse;
  const facing = Math.max(0.02, nx * vx + ny * vy + nz * vz);
  const toLight = nx * lx + ny * ly + nz * lz;
  const lift = material.lift;
  const lit = toLight > -0.35 ? lightAt(shadow, x + nx * lift, y + ny * lift, z + nz * lift) : 0;
  // Behind the shadow line a surface shades itself; what bleeds over must not be shaded twice.
  const past = Math.min(1, Math.max(0, 1 - toLight * 5));
  out.open = open;
  out.toLight = toLight;
  out.facing = facing;
  out.arriving = Math.max(lit, past * 0.7 * open);
  out.rx = 2 * facing * nx - vx;
  out.ry = 2 * facing * ny - vy;
  out.rz = 2 * facing * nz - vz;
  out.shine = 0;
  if (toLight > 0 && lit > 0) {
    const hx = lx + vx;
    const hy = ly + vy;
    const hz = lz + vz;
    const half = 1 / Math.sqrt(hx * hx + hy * hy + hz * hz + 1e-9);
    const cosineHalf = Math.max(0, (nx * hx + ny * hy + nz * hz) * half);
    const cosineView = Math.max(0, (vx * hx + vy * hy + vz * hz) * half);
    out.shine = lit * toLight * highlight(material, cosineHalf, cosineView);
  }
}

/** Makes the shader of a scene. */
export function surfaceShader(assets: Assets, scene: Scene, frame: ShadedFrame): SurfaceShader {
  const solid = frame.layers.filter(({ kind }) => !strandKinds.has(kind));
  const paints = new Map(solid.map((layer) => [layer, paintOf(assets, scene, layer)]));
  const around = surroundings(scene.light);
  const key = Float64Array.from(scene.light.keyColor);
  const texel = new Float64Array(3);
  const diffuse = new Float64Array(3);
  const mirrored = new Float64Array(3);
  const stand: Stand = {
    open: 0.5,
    toLight: 0.5,
    facing: 0.5,
    shine: 0.5,
    arriving: 0.5,
    rx: 0.5,
    ry: 0.5,
    rz: 0.5,
  };

  return (layer, point, out) => {
    const paint = paints.get(layer)!;
    const { material } = paint;
    readPaint(paint, point, texel);
    if (paint.flatten > 0) flattenNormal(point, paint.flatten);
    standOf(point, paint, frame, scene.light.keyDirection, stand);
    const { open, toLight, facing, shine, arriving } = stand;
    around(point.nx, point.ny, point.nz, diffuse);
    around(stand.rx, stand.ry, stand.rz, mirrored);
    const glancing = (0.6 * material.reflectance + 0.07 * (1 - facing) ** 5) * open * open;
    for (let k = 0; k < 3; k++) {
      const wrap = material.wrap[k];
      const direct = Math.max(0, (toLight + wrap) / (1 + wrap)) * arriving * key[k];
      // Light between near surfaces takes on their colour, so openings of skin glow instead of
      // greying.
      const occlusion = open + (1 - open) * open * wrap;
      const reflected = texel[k] * (direct + occlusion * diffuse[k]);
      out[k] = reflected + shine * key[k] + glancing * mirrored[k];
    }
  };
}
