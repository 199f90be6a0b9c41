import type { Assets } from '../assets/assets.ts';
import type { Texture } from '../assets/texture.ts';
import type { Layer, LayerKind } from '../geometry/figure.ts';
import { lightAt, type ShadowMap } from '../raster/shadow-map.ts';
import type { Color, Scene } from '../scene/scene.ts';
import { surroundings } from './lighting.ts';
import type { SurfacePoint } from './surface-point.ts';
import { linearOfByte, sampleTexture } from './texture-sampler.ts';

/** How a surface answers light. */
interface Material {
  /** Light that bleeds past the shadow line, one value a channel: light scatters inside skin. */
  readonly wrap: Color;
  /** Strength and Blinn exponent of the broad and the narrow highlight. */
  readonly broad: readonly [number, number];
  readonly narrow: readonly [number, number];
  /** Reflectance at normal incidence. */
  readonly reflectance: number;
  /** How far a shadow comparison moves along the normal, decimetres. */
  readonly lift: number;
}

const skin: Material = {
  wrap: [0.32, 0.16, 0.1],
  broad: [0.55, 9],
  narrow: [0.25, 34],
  reflectance: 0.03,
  lift: 0.05,
};
const wet: Material = { ...skin, wrap: [0.15, 0.1, 0.08], broad: [0.3, 20], narrow: [1, 160] };
const cornea: Material = {
  wrap: [0.15, 0.12, 0.1],
  broad: [0.1, 20],
  narrow: [1.4, 350],
  reflectance: 0.035,
  lift: 0.04,
};
const cloth: Material = {
  wrap: [0.1, 0.1, 0.1],
  broad: [0.25, 6],
  narrow: [0, 1],
  reflectance: 0.025,
  lift: 0.05,
};

const materials: Readonly<Partial<Record<LayerKind, Material>>> = {
  body: skin,
  eyes: cornea,
  teeth: wet,
  tongue: wet,
  clothing: cloth,
};

/** Sets `out` to the light that leaves a point toward the camera, linear RGB. */
export type SurfaceShader = (layer: Layer, point: SurfacePoint, out: Float64Array) => void;

interface Paint {
  readonly texture: Texture;
  readonly lod: number;
  readonly gain: Color;
  /** Share of the texture's colour that is replaced by its brightness times `gain`. */
  readonly dye: number;
  readonly material: Material;
  readonly ambient?: Float32Array;
}

const white: Color = [1, 1, 1];

function paintOf(assets: Assets, scene: Scene, layer: Layer): Paint {
  const { identity, clothing } = scene;
  const material = materials[layer.kind] ?? skin;
  const plain = (texture: Texture, gain: Color = white, dye = 0): Paint => {
    const lod = Math.log2(texture.width);
    return { texture, lod, gain, dye, material, ambient: layer.item?.ambient };
  };
  switch (layer.kind) {
    case 'body': {
      const chosen = assets.skins.find((candidate) => candidate.name === identity.skin)!;
      const gain = identity.skinColor.map((value, k) => value / chosen.meanColor[k]);
      const paint = plain(chosen.texture, gain as unknown as Color);
      return { ...paint, ambient: assets.body.ambient };
    }
    case 'eyes':
      return plain(
        assets.irises.find(({ name }) => name === identity.iris)!.texture,
        [0.8, 0.8, 0.8],
      );
    case 'clothing':
      // Brightness of a garment's texture varies; a dyed one is brought to its colour.
      return plain(
        layer.item!.texture!,
        clothing!.dye > 0 ? clothing!.color : white,
        clothing!.dye,
      );
    default:
      return plain(layer.item!.texture!, [0.85, 0.85, 0.85]);
  }
}

/** Makes the shader of a scene. */
export function surfaceShader(
  assets: Assets,
  scene: Scene,
  frame: {
    readonly layers: readonly Layer[];
    readonly cameraDistance: number;
    readonly shadow: ShadowMap;
  },
): SurfaceShader {
  const paints = new Map(
    frame.layers
      .filter(({ kind }) => materials[kind] !== undefined)
      .map((layer) => [layer, paintOf(assets, scene, layer)]),
  );
  const around = surroundings(scene.light);
  const [lx, ly, lz] = scene.light.keyDirection;
  const [kr, kg, kb] = scene.light.keyColor;
  const key = Float64Array.of(kr, kg, kb);
  const texel = new Float64Array(3);
  const diffuse = new Float64Array(3);
  const mirrored = new Float64Array(3);
  const { cameraDistance, shadow } = frame;

  return (layer, point, out) => {
    const paint = paints.get(layer)!;
    const { material, ambient } = paint;
    const { nx, ny, nz, x, y, z } = point;
    sampleTexture(paint.texture, point.u, point.v, point.lod + paint.lod, texel);
    for (let k = 0; k < 3; k++) texel[k] = linearOfByte(texel[k]);
    if (paint.dye > 0) {
      const brightness = 0.3 + 1.6 * (0.2126 * texel[0] + 0.7152 * texel[1] + 0.0722 * texel[2]);
      texel.fill(Math.min(brightness, 1.2));
    }
    const open =
      ambient === undefined
        ? 0.55
        : point.wa * ambient[point.a] + point.wb * ambient[point.b] + point.wc * ambient[point.c];

    // View direction; the camera is at (0, 0, distance).
    let vx = -x;
    let vy = -y;
    let vz = cameraDistance - z;
    const toCamera = 1 / Math.sqrt(vx * vx + vy * vy + vz * vz);
    vx *= toCamera;
    vy *= toCamera;
    vz *= toCamera;
    const facing = Math.max(0.02, nx * vx + ny * vy + nz * vz);
    const toLight = nx * lx + ny * ly + nz * lz;
    const lift = material.lift;
    const lit = toLight > -0.35 ? lightAt(shadow, x + nx * lift, y + ny * lift, z + nz * lift) : 0;
    // Behind the shadow line a surface shades itself; what bleeds over must not be shaded twice.
    const past = toLight <= 0 ? 1 : toLight >= 0.2 ? 0 : 1 - toLight * 5;
    const bleeding = Math.max(lit, past * 0.7 * open);

    let hx = lx + vx;
    let hy = ly + vy;
    let hz = lz + vz;
    const half = 1 / Math.sqrt(hx * hx + hy * hy + hz * hz + 1e-9);
    hx *= half;
    hy *= half;
    hz *= half;
    const nh = Math.max(0, nx * hx + ny * hy + nz * hz);
    const vh = 1 - Math.max(0, vx * hx + vy * hy + vz * hz);
    const fresnel = material.reflectance + (1 - material.reflectance) * vh ** 5;
    const [broad, broadPower] = material.broad;
    const [narrow, narrowPower] = material.narrow;
    const shine =
      toLight > 0
        ? lit *
          toLight *
          fresnel *
          ((broad * (broadPower + 8) * nh ** broadPower +
            narrow * (narrowPower + 8) * nh ** narrowPower) /
            8)
        : 0;

    around(nx, ny, nz, diffuse);
    const twice = 2 * facing;
    around(twice * nx - vx, twice * ny - vy, twice * nz - vz, mirrored);
    const edge = (1 - facing) ** 5;
    const glancing = (material.reflectance + 0.12 * edge) * open * open;
    for (let k = 0; k < 3; k++) {
      const wrap = material.wrap[k];
      const direct = Math.max(0, (toLight + wrap) / (1 + wrap)) * bleeding * key[k];
      // Light between near surfaces takes on their colour, so openings of skin glow instead of greying.
      const occlusion = open + (1 - open) * open * material.wrap[k];
      const albedo = texel[k] * paint.gain[k];
      out[k] = albedo * (direct + occlusion * diffuse[k]) + shine * key[k] + glancing * mirrored[k];
    }
  };
}
