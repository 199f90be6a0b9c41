import { split } from '../base/random.ts';
import type { Tree } from '../base/tree.ts';
import { cropBoxes, pasteBoxes } from '../nn/boxes.ts';
import type { HostTensor } from '../tensor/host-tensor.ts';
import { add, subtract } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { faceParts, forParts, type OfParts, partBoxes } from './face-parts.ts';
import type { Refiner } from './network.ts';

export type PartsRefinerParameters<Leaf> = {
  /** Of the global pathway. */
  readonly whole: Tree<Leaf>;
  /** Of the local pathways. */
  readonly parts: OfParts<Tree<Leaf>>;
};

export interface PartsRefinerOptions {
  /** The network of the global pathway. */
  readonly whole: Refiner;
  /** The network of each local pathway, with parameters of its own for each part. */
  readonly part: Refiner;
  /** Pixels along each side of the squares that the local pathways see. */
  readonly side: number;
  /**
   * Finds the landmarks `[batch, 68, 2]` in pixels where they are not given, as in the exported
   * file.
   */
  readonly findLandmarks: (images: Tensor) => Tensor;
}

export type PartsRefiner = Refiner<
  PartsRefinerParameters<HostTensor>,
  PartsRefinerParameters<Tensor>
>;

/**
 * A global pathway for the whole image and local pathways for both eyes, nose and mouth, fused into
 * one image (the two pathways of TP-GAN, Huang et al. 2017, arXiv 1704.04086, section 3.1):
 * `R(x) = G(x) + Σ_p paste_p(L_p(crop_p(x)) − crop_p(x))`.
 *
 * Each local pathway sees its part at one size, `side` pixels, however large the image is, so that
 * an eye looks to it as it did in training; what it *changes* is resampled to the image and added
 * inside its square, with a faded edge. The image itself is never resampled and nothing outside the
 * squares depends on a local pathway. TP-GAN fuses features and convolves once more; adding keeps
 * the parts apart, which a label needs more.
 *
 * Squares come from landmarks: those given, in training the annotation, else those that
 * `findLandmarks` finds. As cropping, pasting and finding are matrix products whose weights the
 * graph makes from the image's own size, the exported graph serves every size and needs one input
 * only.
 */
export function partsRefiner({
  whole,
  part: local,
  side,
  findLandmarks,
}: PartsRefinerOptions): PartsRefiner {
  return {
    ...(whole.multipleOf !== undefined && { multipleOf: whole.multipleOf }),
    init: (key) => ({
      whole: whole.init(split(key, 'whole')),
      parts: forParts((part) => local.init(split(key, part))),
    }),
    apply: (parameters, images, landmarks = findLandmarks(images)) => {
      const boxes = partBoxes(landmarks);
      return faceParts.reduce(
        (image, part) => {
          const crops = cropBoxes(images, boxes[part], side);
          const change = subtract(local.apply(parameters.parts[part], crops), crops);
          return add(image, pasteBoxes(change, boxes[part], images, { feather: side / 8 }));
        },
        whole.apply(parameters.whole, images),
      );
    },
  };
}
