import { join } from 'node:path';
import type { Dataset, ImageFile } from '../data/dataset.ts';
import { holdOut } from '../data/hold-out.ts';
import { readIdentities } from '../data/identities.ts';
import type { TrainConfig } from './config.ts';
import { fewestValidationImages } from './selection-config.ts';

/** Images that refiners are measured on: no step trains on them. */
export interface ValidationImages {
  readonly renders: readonly ImageFile[];
  readonly photographs: readonly ImageFile[];
}

/** Said where `regularization.driftTarget` is set and nothing measures a drift. */
export const noDriftToHold =
  'There is no drift to hold at regularization.driftTarget: λ stays as regularization.weight says.';

/** Both sets without what is held out of training, and that. */
export interface SplitSets {
  readonly synthetic: Dataset;
  readonly real: Dataset;
  /** Absent where no refiner is selected. */
  readonly validation?: ValidationImages;
  readonly warnings: readonly string[];
}

/**
 * Holds images of both sets out of training where the configuration selects a refiner: all images
 * of a person or none, where metadata says who it is. Sets too small for that are trained on whole,
 * which a warning says.
 */
export async function splitSets(
  { selection, regularization }: TrainConfig,
  synthetic: Dataset,
  real: Dataset,
): Promise<SplitSets> {
  if (selection.every === 0) return { synthetic, real, warnings: [] };
  const split = async (dataset: Dataset) =>
    holdOut(dataset.images, selection.holdOut, await readIdentities(dataset));
  const [renders, photographs] = [await split(synthetic), await split(real)];
  const [smaller, { directory, images }] =
    renders.heldOut.length < photographs.heldOut.length
      ? [renders, synthetic]
      : [photographs, real];
  const { length } = smaller.heldOut;
  if (length < fewestValidationImages || smaller.training.length === 0) {
    const warning = `No refiner is selected, the last one is exported: ${length} of the ${images.length} images in ${directory} would be held out (selection.holdOut ${selection.holdOut}), and fewer than ${fewestValidationImages} say nothing. All images are trained on. Add images, or raise selection.holdOut; images of one "identity" in the metadata go together.`;
    return {
      synthetic,
      real,
      warnings: [warning, ...(regularization.driftTarget > 0 ? [noDriftToHold] : [])],
    };
  }
  const chosen = (heldOut: readonly string[], dataset: Dataset) =>
    heldOut
      .slice(0, selection.images)
      .map((name) => ({ name, path: join(dataset.directory, name) }));
  return {
    synthetic: { ...synthetic, images: renders.training },
    real: { ...real, images: photographs.training },
    validation: {
      renders: chosen(renders.heldOut, synthetic),
      photographs: chosen(photographs.heldOut, real),
    },
    warnings: [],
  };
}
