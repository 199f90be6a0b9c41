import { randomKey } from '../../base/random.ts';
import { UserError } from '../../base/user-error.ts';
import type { ImageFile } from '../../data/dataset.ts';
import { type ColorImage, loadFaceTools } from '../../faces/index.ts';
import { forEachConcurrently } from '../../refine/for-each-concurrently.ts';
import { type InputFace, meanDistance } from '../../refine/verification/face.ts';
import { type ImageForm, loadImage, toThreePlanes } from '../../refine/verification/load-image.ts';
import { measureNoiseFloor } from '../../refine/verification/noise-floor.ts';
import type { CreateRefinerEvaluator } from '../../train/refiner-evaluator.ts';
import { fewestValidationImages } from '../../train/selection-config.ts';
import { cachedFaceFinder } from '../features/cached-faces.ts';
import { openDefaultCache } from '../features/content-cache.ts';
import { type ExtractOptions, extractFeatures } from '../features/extract-features.ts';
import { inceptionSpace } from '../features/feature-spaces.ts';
import { matrixFromRows } from '../linear-algebra/matrix.ts';
import { kernelDistanceBetween } from '../realism/realism-meter.ts';

/**
 * Measures refiners as `evaluate` measures sets: realism is the unbiased kernel distance to the
 * photographs in `inception-mixed5`, drift the mean movement of the landmarks that are found in the
 * same box. Features and faces of renders and photographs come from the cache where the same bytes
 * were seen.
 *
 * @throws {UserError} where too few of the images can be read.
 */
export const createRefinerEvaluator: CreateRefinerEvaluator = async (options) => {
  const { channels, signal } = options;
  const [height, width] = options.size;
  const form = { channels, size: { height, width } };
  const space = inceptionSpace();
  const tools = await loadFaceTools({ threads: 1 });
  const dispose = async () => {
    await Promise.all([space.dispose(), tools.dispose()]);
  };
  try {
    const cache = await openDefaultCache();
    const extracting = { spaces: [space], form, cache, signal };
    const renders = await measuredImages(options.images.renders, extracting);
    const photographs = await measuredImages(options.images.photographs, extracting);
    const real = matrixFromRows(photographs.rows);
    const toReal = (rows: readonly Float32Array[]) =>
      kernelDistanceBetween(matrixFromRows(rows), real);
    const images = await loadAll(renders.images, form);

    const findFace = cachedFaceFinder(tools, cache);
    const faces: (InputFace | undefined)[] = images.map(() => undefined);
    await forEachConcurrently([...images.entries()], async ([i, image]) => {
      signal?.throwIfAborted();
      faces[i] = await findFace(image);
    });
    const subjects = images.flatMap((image, i) => {
      const face = faces[i];
      return face === undefined ? [] : [{ image, face }];
    });
    const floor = await measureNoiseFloor(tools, subjects, randomKey(0));
    const hasFaces = subjects.length > 0;

    return {
      renders: images.map(({ pixels }) => pixels.subarray(0, channels * height * width)),
      realismOfRenders: toReal(renders.rows),
      ...(hasFaces && { noiseFloor: floor.meanPixels }),
      warnings: [
        ...[...renders.broken, ...photographs.broken].map(
          ({ name, reason }) => `${name} ${reason}; no refiner is measured on it.`,
        ),
        ...(hasFaces
          ? []
          : [
              'No face is found in the held-out renders: the refiner is selected by realism alone.',
            ]),
      ],
      measure: async (refined, abort) => {
        const rows: Float32Array[] = [];
        const drifts: number[] = [];
        await forEachConcurrently([...refined.entries()], async ([i, bytes]) => {
          abort?.throwIfAborted();
          const image = { width, height, pixels: toThreePlanes(bytes, channels) };
          rows[i] = (await space.extract(image)) as Float32Array;
          const face = faces[i];
          if (face === undefined) return;
          drifts.push(meanDistance(face.landmarks, await tools.landmarks(image, face.box)));
        });
        // Added in one order: the last digits must not depend on which image was ready first.
        const sum = drifts.sort((a, b) => a - b).reduce((total, drift) => total + drift, 0);
        return {
          realism: toReal(rows),
          ...(hasFaces && { drift: sum / drifts.length }),
        };
      },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
};

/** Features of the readable images, in their order. */
async function measuredImages(files: readonly ImageFile[], options: ExtractOptions) {
  const { features, broken } = await extractFeatures(files, options);
  const [found] = features.values();
  const measured = files.flatMap((file, i) => {
    const row = found[i];
    return row === undefined ? [] : [{ file, row }];
  });
  if (measured.length < fewestValidationImages) {
    const [first] = broken;
    throw new UserError(
      `Expected at least ${fewestValidationImages} readable images to measure refiners on, got ${measured.length} of ${files.length}${first && ` (${first.name} ${first.reason})`}. Mend or remove the others, or set selection.every to 0.`,
    );
  }
  return {
    images: measured.map(({ file }) => file),
    rows: measured.map(({ row }) => row),
    broken,
  };
}

async function loadAll(files: readonly ImageFile[], form: ImageForm): Promise<ColorImage[]> {
  const images: ColorImage[] = [];
  for (const { path } of files) images.push(await loadImage(path, form));
  return images;
}
