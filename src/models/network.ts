import type { RandomKey } from '../base/random.ts';
import type { Tree } from '../base/tree.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * A network as data and two functions. `Parameters` is the form of its parameters with host tensors
 * for leaves, `Traced` the same form with traced tensors. Without type arguments it is any network,
 * which is what a trainer holds: methods, not function-typed properties, so that a network with
 * parameters of a certain form is one of those.
 */
export interface Network<
  Parameters extends Tree<HostTensor> = Tree<HostTensor>,
  Traced extends Tree<Tensor> = Tree<Tensor>,
  Output extends Tree<Tensor> = Tensor,
> {
  /** Height and width of the images must be multiples of this; left out: any size. */
  readonly multipleOf?: number;
  /** Fresh parameters; the same key gives the same ones. */
  init(key: RandomKey): Parameters;
  /** Images `[batch, channels, height, width]` with values in −1 … 1 → the network's output. */
  apply(parameters: Traced, images: Tensor): Output;
}

/** Gives images of the same shape; its output is linear, so values may leave −1 … 1. */
export interface Refiner<
  Parameters extends Tree<HostTensor> = Tree<HostTensor>,
  Traced extends Tree<Tensor> = Tree<Tensor>,
> extends Network<Parameters, Traced> {
  /**
   * `landmarks` `[batch, 68, 2]` in pixels say where the parts of the face are, for a refiner that
   * has local pathways; without them it finds them itself.
   */
  apply(parameters: Traced, images: Tensor, landmarks?: Tensor): Tensor;
  /**
   * What pixels, edges, colours and feature maps of the refined images are compared with to hold
   * the annotation, of the same shape; left out: the images themselves, which landmarks and
   * identity are compared with in any case.
   */
  reference?(parameters: Traced, images: Tensor): Tensor;
}

/**
 * Gives logits `[batch, 2, rows, columns]`, one pair a patch, before the softmax over the channels:
 * channel 0 stands for *refined* and channel 1 for *real* ({@link patchClass}).
 */
export type Discriminator<
  Parameters extends Tree<HostTensor> = Tree<HostTensor>,
  Traced extends Tree<Tensor> = Tree<Tensor>,
> = Network<Parameters, Traced>;

/**
 * Gives logits like a {@link Discriminator}, one tensor a scale, the finest first. A loss is taken
 * of each scale and averaged (`meanOverScales` of the losses).
 */
export type MultiScaleDiscriminator<
  Parameters extends Tree<HostTensor> = Tree<HostTensor>,
  Traced extends Tree<Tensor> = Tree<Tensor>,
> = Network<Parameters, Traced, readonly Tensor[]>;

/** A discriminator as one of a single scale, so that a trainer knows one kind. */
export function singleScale(discriminator: Discriminator): MultiScaleDiscriminator {
  const { multipleOf } = discriminator;
  return {
    ...(multipleOf !== undefined && { multipleOf }),
    init: (key) => discriminator.init(key),
    apply: (parameters, images) => [discriminator.apply(parameters, images)],
  };
}

/**
 * The channel of the logits that stands for each class. SimGAN's D is the probability of refined.
 */
export const patchClass = { refined: 0, real: 1 } as const;

export type PatchClass = keyof typeof patchClass;

export interface ImageNetworkOptions {
  /** Channels of the images: 1 for grey, 3 for RGB. */
  readonly channels: number;
}
