import { cellOfGrid } from '../models/colour-grid-refiner.ts';
import {
  type DiscriminatorName,
  discriminators,
  type MultiScaleDiscriminatorName,
  multiScaleDiscriminators,
} from '../models/discriminators.ts';
import {
  besides,
  faceFeatureDiscriminator,
  objectFeatureDiscriminator,
  smallestFaceSide,
  smallestObjectSide,
} from '../models/feature-discriminator.ts';
import { type MultiScaleDiscriminator, type Refiner, singleScale } from '../models/network.ts';
import { localPatchLayers, windowsOf } from '../models/patch-discriminator.ts';
import { receptiveField } from '../models/receptive-field.ts';
import { type RefinerName, refiners } from '../models/refiners.ts';
import { resizeNearest } from '../tensor/operators/resize.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TrainConfig } from './config.ts';
import type { FrozenNetworks } from './frozen-networks.ts';

type RefinerOptions = Omit<TrainConfig['refiner'], 'architecture' | 'equalizer'>;

/** The options that each refiner has beside its channels; the others would do nothing. */
export const refinerOptions = {
  'simgan-eyes': [],
  'simgan-hands': [],
  'pixel-shuffle': ['features', 'blocks', 'padding', 'change'],
  'colour-grid': ['features', 'blocks', 'reduction'],
  unet: ['features'],
  'resnet-generator': ['features', 'blocks'],
} as const satisfies Record<RefinerName, readonly (keyof RefinerOptions)[]>;

/**
 * Side of the squares of pixels whose mean the colour grid sees: as the configuration says, or the
 * largest up to size / 64 with which the cells still divide the image.
 */
function gridReduction({ refiner, size }: TrainConfig): number {
  if (refiner.reduction > 0) return refiner.reduction;
  const fits = (reduction: number) => size.every((side) => side % (reduction * cellOfGrid) === 0);
  const candidates = Array.from({ length: Math.floor(Math.min(...size) / 64) }, (_, i) => i + 1);
  return candidates.findLast(fits) ?? 1;
}

/**
 * Residual blocks as chosen; else CycleGAN's 9 for images above 128 pixels, or 0, the network's
 * own.
 */
function blocksOf({ refiner, size }: TrainConfig): number {
  const isLarge = refiner.architecture === 'resnet-generator' && Math.max(...size) > 128;
  return refiner.blocks || (isLarge ? 9 : 0);
}

/** The refiner of whole images that a configuration names; options of 0 are the network's own. */
export function createRefiner(config: TrainConfig): Refiner {
  const { refiner, channels } = config;
  const { architecture, features, padding, change } = refiner;
  const blocks = blocksOf(config);
  const reduction = architecture === 'colour-grid' ? gridReduction(config) : 1;
  return refiners[architecture]({
    channels,
    ...(features > 0 && { features }),
    ...(blocks > 0 && { blocks }),
    ...(reduction > 1 && { reduction }),
    ...(padding !== 'zero' && { paddingMode: padding }),
    ...(change !== 'sharp' && { change }),
  });
}

/**
 * The refiner of one part of the face: the same network, as deep and as reduced as the size of a
 * part asks, not that of the image.
 */
export function createPartRefiner(config: TrainConfig): Refiner {
  const { side } = config.parts;
  return createRefiner({ ...config, size: [side, side] });
}

/** The discriminators whose width can be chosen. */
export const discriminatorsWithFeatures: readonly string[] = [
  'patch',
  'cyclegan',
] satisfies DiscriminatorName[];

/** The width of a discriminator where it is chosen. */
const widthOf = ({ features }: TrainConfig['discriminator']) => features > 0 && { features };

/** Whether a discriminator gives logits at several scales or fields. */
function hasScales(
  architecture: TrainConfig['discriminator']['architecture'],
): architecture is MultiScaleDiscriminatorName {
  return architecture in multiScaleDiscriminators;
}

/**
 * The discriminator that a configuration names, as one of one or several scales. Without the
 * `frozen` networks that it needs the parameters are the same, but their feature maps cannot be
 * traced.
 */
export function createDiscriminator(
  { discriminator, channels, size }: TrainConfig,
  frozen: FrozenNetworks<Tensor> = {},
): MultiScaleDiscriminator {
  const { architecture, faceFeatures, objectFeatures } = discriminator;
  const pixels = hasScales(architecture)
    ? multiScaleDiscriminators[architecture]({ channels })
    : singleScale(
        discriminators[architecture]({
          channels,
          side: Math.min(...size),
          ...widthOf(discriminator),
        }),
      );
  const withFaces = faceFeatures ? besides(pixels, faceFeatureDiscriminator(frozen)) : pixels;
  const whole = objectFeatures ? besides(withFaces, objectFeatureDiscriminator(frozen)) : withFaces;
  const sides = [
    smallestSide(architecture),
    ...(faceFeatures ? [smallestFaceSide] : []),
    ...(objectFeatures ? [smallestObjectSide] : []),
  ];
  return enlargedTo(Math.max(...sides), whole);
}

/**
 * A discriminator that makes a patch of every image: one smaller than its field is enlarged by a
 * whole factor first, pixel by pixel.
 */
function enlargedTo(side: number, network: MultiScaleDiscriminator): MultiScaleDiscriminator {
  return {
    ...network,
    apply: (parameters, images) => {
      const factor = Math.ceil(side / Math.min(images.shape[2], images.shape[3]));
      return network.apply(parameters, factor > 1 ? resizeNearest(images, factor) : images);
    },
  };
}

/** The network that judges single parts: that of whole images, at one scale. */
export function partDiscriminatorName({ discriminator }: TrainConfig): DiscriminatorName {
  const { architecture } = discriminator;
  return hasScales(architecture) ? 'patch' : architecture;
}

/** The discriminator of one part of the face. */
export function createPartDiscriminator(config: TrainConfig): MultiScaleDiscriminator {
  const { channels, parts, discriminator } = config;
  const name = partDiscriminatorName(config);
  return singleScale(
    discriminators[name]({ channels, side: parts.side, ...widthOf(discriminator) }),
  );
}

/** The smallest side in pixels of which a discriminator makes a patch; one that pads takes any. */
export function smallestSide(architecture: TrainConfig['discriminator']['architecture']): number {
  const field = receptiveField(windowsOf(localPatchLayers()));
  // The second scale sees half of the pixels.
  const unpadded: Readonly<Record<string, number>> = {
    patch: field,
    'two-field': field,
    'multi-scale': 2 * field,
  };
  return unpadded[architecture] ?? 1;
}
