import type { Assets } from '../assets/assets.ts';
import type { Texture } from '../assets/texture.ts';
import type { Layer, LayerKind } from '../geometry/layer.ts';
import type { Color, Scene } from '../scene/scene.ts';

interface Lobe {
  readonly strength: number;
  readonly power: number;
}

/** How a surface answers light. */
export interface Material {
  /** Light that bleeds past the shadow line, one value a channel: light scatters inside skin. */
  readonly wrap: Color;
  /** Strength and Blinn exponent of the broad and the narrow highlight. */
  readonly broad: Lobe;
  readonly narrow: Lobe;
  /** Reflectance at normal incidence. */
  readonly reflectance: number;
  /** How far a shadow comparison moves along the normal, decimetres. */
  readonly lift: number;
}

const skin: Material = {
  wrap: [0.32, 0.16, 0.1],
  broad: { strength: 0.55, power: 9 },
  narrow: { strength: 0.25, power: 34 },
  reflectance: 0.03,
  lift: 0.05,
};
const wet: Material = {
  ...skin,
  wrap: [0.15, 0.1, 0.08],
  broad: { strength: 0.3, power: 20 },
  narrow: { strength: 1, power: 160 },
};
const cornea: Material = {
  wrap: [0.15, 0.12, 0.1],
  broad: { strength: 0.1, power: 20 },
  narrow: { strength: 1.4, power: 350 },
  reflectance: 0.035,
  lift: 0.04,
};
const cloth: Material = {
  wrap: [0.1, 0.1, 0.1],
  broad: { strength: 0.25, power: 6 },
  narrow: { strength: 0, power: 1 },
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

/** How a layer is coloured. */
export interface Paint {
  readonly texture: Texture;
  readonly lod: number;
  readonly gain: Color;
  /** Share of the texture's colour that is replaced by its brightness times `gain`. */
  readonly dye: number;
  readonly material: Material;
  readonly ambient?: Float32Array;
  /** Openness to the surroundings, 0 … 1, where `ambient` does not say. */
  readonly open: number;
  /** How far its normals turn toward the camera, 0 … 1. */
  readonly flatten: number;
  readonly stubble?: {
    readonly growth: Float32Array;
    readonly density: number;
    readonly color: Color;
  };
}

const white: Color = [1, 1, 1];

const luminance = (color: readonly number[]) =>
  0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2];

/**
 * Brings a skin texture to a colour: all of the way in brightness, but only partly in hue, or lips
 * and shadows, whose hue differs, would turn purple.
 */
function skinGain(wanted: Color, mean: readonly number[]): Color {
  const brightness = luminance(wanted) / luminance(mean);
  const gain = mean.map((value, k) => brightness * (wanted[k] / value / brightness) ** 0.55);
  return gain as unknown as Color;
}

/** The paint of a solid layer in a scene. */
export function paintOf(assets: Assets, scene: Scene, layer: Layer): Paint {
  const { identity, clothing } = scene;
  const material = materials[layer.kind] ?? skin;
  const plain = (texture: Texture, gain: Color = white, dye = 0): Paint => {
    const lod = Math.log2(texture.width);
    return {
      texture,
      lod,
      gain,
      dye,
      material,
      ambient: layer.item?.ambient,
      open: 0.6,
      flatten: 0,
    };
  };
  switch (layer.kind) {
    case 'body': {
      const chosen = assets.skins.find((candidate) => candidate.name === identity.skin)!;
      const gain = skinGain(identity.skinColor, chosen.meanColor);
      const paint = { ...plain(chosen.texture, gain), ambient: assets.body.ambient };
      if (scene.stubble === 0) return paint;
      const { stubble: growth } = assets.body;
      return {
        ...paint,
        stubble: { growth, density: scene.stubble, color: identity.eyebrowColor },
      };
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
    case 'teeth': {
      // Gaps between teeth are a matter of close-ups; at full contrast they look like braces.
      const paint = plain(layer.item!.texture!, [0.85, 0.81, 0.73]);
      return { ...paint, lod: paint.lod + 1.5, open: 0.9, flatten: 0.75 };
    }
    default:
      return plain(layer.item!.texture!, [0.85, 0.85, 0.85]);
  }
}
