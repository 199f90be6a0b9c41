import type { ColorImage } from '../../faces/index.ts';
import { forEachConcurrently } from '../../refine/for-each-concurrently.ts';
import { type ImageForm, loadImage } from '../../refine/verification/load-image.ts';
import { type ContentCache, hashOfFile } from '../features/content-cache.ts';
import { rememberFeatures } from '../features/extract-features.ts';
import { inceptionSpace } from '../features/feature-spaces.ts';
import { type Matrix, matrixFromRows } from '../linear-algebra/matrix.ts';
import { cubicKernel, kernelDistance } from '../statistics/kernel-distance.ts';
import { pairProducts } from '../statistics/two-sets.ts';

export interface RealismMeterOptions {
  /** How files are made equal before they are compared. */
  readonly form: Required<ImageForm>;
  /** Where features of files are kept; without one they are computed anew. */
  readonly cache?: ContentCache;
}

/** Gives features of images for {@link kernelDistanceBetween}, again and again. */
export interface RealismMeter {
  /** Features `[images, 768]` of files, by their paths, or of images in memory. */
  featuresOf(images: readonly (string | ColorImage)[]): Promise<Matrix>;
  /** Frees the network. */
  dispose(): Promise<void>;
}

/**
 * Prepares the feature space of `kid-inception-mixed5`; features of the same file are those of
 * `evaluate`, from the same cache.
 */
export function createRealismMeter({ form, cache }: RealismMeterOptions): RealismMeter {
  const space = inceptionSpace();
  const ofFile = async (path: string) => {
    const extract = async () => space.extract(await loadImage(path, form));
    if (cache === undefined) return extract();
    return rememberFeatures(cache, space, { content: await hashOfFile(path), form, extract });
  };
  return {
    featuresOf: async (images) => {
      const rows = new Array<Float32Array>(images.length);
      await forEachConcurrently([...images.entries()], async ([i, image]) => {
        rows[i] = (await (typeof image === 'string' ? ofFile(image) : space.extract(image)))!;
      });
      return matrixFromRows(rows);
    },
    dispose: space.dispose,
  };
}

/** The unbiased kernel distance with the cubic kernel between features `[images, dimensions]`. */
export function kernelDistanceBetween(first: Matrix, second: Matrix): number {
  return kernelDistance(cubicKernel(pairProducts(first, second), first.columns));
}
