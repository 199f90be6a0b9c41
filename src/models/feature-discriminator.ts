import { split } from '../base/random.ts';
import * as conv2d from '../nn/conv2d.ts';
import { heNormal } from '../nn/initializers.ts';
import { spectrallyNormalized } from '../nn/spectral-norm.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { leakyRelu, multiply } from '../tensor/operators/elementwise.ts';
import { resizeBilinear } from '../tensor/operators/resize.ts';
import type { Tensor } from '../tensor/tensor.ts';
import {
  type FaceResNetTap,
  type FaceResNetWeights,
  faceFeatureMaps,
  type MobileNetTrunkWeights,
  mobileNetFeatureMaps,
  toColour,
} from './frozen/index.ts';
import { type MultiScaleDiscriminator, patchClass } from './network.ts';

/** Where a head listens. */
interface Listener<Tap> {
  readonly tap: Tap;
  readonly channels: number;
  /** Brings the root mean square of the features to about 1. */
  readonly scale: number;
}

const faceListeners: readonly Listener<FaceResNetTap>[] = [
  { tap: 'conv32_3', channels: 32, scale: 0.6 },
  { tap: 'conv64_3', channels: 64, scale: 0.75 },
];

/** Blocks of MobileNetV2, the last ones with their number of maps. */
const objectListeners: readonly Listener<number>[] = [
  { tap: 0, channels: 16, scale: 0.35 },
  { tap: 2, channels: 24, scale: 0.2 },
  { tap: 5, channels: 32, scale: 0.18 },
  { tap: 9, channels: 64, scale: 0.19 },
];

/** Feature maps inside a head. */
const width = 64;
/** The frozen networks were trained with 150 and 224 pixels: small images are enlarged. */
const enlargement = 2;

/** The smallest side in pixels of which the deepest head of the face network makes a patch. */
export const smallestFaceSide = 24;
/** The same of the network of objects. */
export const smallestObjectSide = 40;

type Head<Leaf> = {
  readonly mix: conv2d.Conv2dParameters<Leaf>;
  readonly logits: conv2d.Conv2dParameters<Leaf>;
};

/** The parameters of the heads, the shallowest first. */
export type FeatureDiscriminatorParameters<Leaf> = readonly Head<Leaf>[];

type FeatureDiscriminator = MultiScaleDiscriminator<
  FeatureDiscriminatorParameters<HostTensor>,
  FeatureDiscriminatorParameters<Tensor>
>;

/**
 * Discriminates the feature maps of a frozen network instead of pixels (Projected GAN, Sauer et al.
 * 2021, arXiv 2111.01007, section 3): what it knows need not be learned from a few hundred
 * photographs, so the game moves from the first iterations. A small head, two 3×3 convolutions
 * without padding and with spectral normalisation, listens at each of several depths; there is no
 * random mixing of channels. The network sees the images enlarged twice. Logits
 * `[batch, 2, rows, columns]` of each head.
 *
 * The networks are not the one that realism is measured with (Inception), so that the measure is
 * not what is trained for.
 */
function featureDiscriminator<Tap>(
  listeners: readonly Listener<Tap>[],
  featureMaps: (images: Tensor, taps: readonly Tap[]) => readonly Tensor[],
): FeatureDiscriminator {
  const convolve = ({ weight, bias }: conv2d.Conv2dParameters<Tensor>, x: Tensor) =>
    conv2d.apply({ weight: spectrallyNormalized(weight), bias }, x, { padding: 'valid' });
  return {
    init: (key) =>
      listeners.map((listener, i) => ({
        mix: conv2d.init(split(key, 'mix', i), {
          channels: listener.channels,
          filters: width,
          kernel: 3,
          initializer: heNormal,
        }),
        logits: conv2d.init(split(key, 'logits', i), {
          channels: width,
          filters: Object.keys(patchClass).length,
          kernel: 3,
        }),
      })),
    apply: (heads, images) => {
      const maps = featureMaps(
        resizeBilinear(toColour(images), enlargement),
        listeners.map(({ tap }) => tap),
      );
      return maps.map((map, i) => {
        const { mix, logits } = heads[i];
        const scaled = multiply(map, listeners[i].scale);
        return convolve(logits, leakyRelu(convolve(mix, scaled)));
      });
    },
  };
}

function needed<Weights>(weights: Weights | undefined, name: string): Weights {
  if (weights === undefined) throw new Error(`Expected the weights of the ${name} network.`);
  return weights;
}

export interface FaceFeatureDiscriminatorOptions {
  /** dlib's face ResNet; left out, there are parameters, and nothing to apply them to. */
  readonly resnet?: FaceResNetWeights<Tensor> | undefined;
}

/** {@link featureDiscriminator} at two depths of dlib's face ResNet: what makes a face. */
export function faceFeatureDiscriminator({
  resnet,
}: FaceFeatureDiscriminatorOptions): FeatureDiscriminator {
  return featureDiscriminator(faceListeners, (images, taps) =>
    faceFeatureMaps(needed(resnet, 'face'), images, taps),
  );
}

export interface ObjectFeatureDiscriminatorOptions {
  /** MobileNetV2; left out, there are parameters, and nothing to apply them to. */
  readonly mobileNet?: MobileNetTrunkWeights<Tensor> | undefined;
}

/**
 * {@link featureDiscriminator} at four depths of MobileNetV2, trained on photographs of a thousand
 * kinds of objects: what makes a photograph, textures and light.
 */
export function objectFeatureDiscriminator({
  mobileNet,
}: ObjectFeatureDiscriminatorOptions): FeatureDiscriminator {
  return featureDiscriminator(objectListeners, (images, taps) =>
    mobileNetFeatureMaps(needed(mobileNet, 'MobileNet'), images, taps),
  );
}

/** Two discriminators of the same images as one of more scales. */
export function besides(
  pixels: MultiScaleDiscriminator,
  features: MultiScaleDiscriminator,
): MultiScaleDiscriminator {
  const { multipleOf } = pixels;
  return {
    ...(multipleOf !== undefined && { multipleOf }),
    init: (key) => ({
      pixels: pixels.init(split(key, 'pixels')),
      features: features.init(split(key, 'features')),
    }),
    apply: (parameters, images) => {
      const both = parameters as { readonly pixels: never; readonly features: never };
      return [...pixels.apply(both.pixels, images), ...features.apply(both.features, images)];
    },
  };
}
