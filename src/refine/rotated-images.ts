import { join } from 'node:path';
import sharp from 'sharp';
import { UserError } from '../base/user-error.ts';
import type { Dataset } from '../data/dataset.ts';
import { annotatedImages } from '../data/landmarks.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';

/**
 * Refined images are upright, and annotations are copied byte for byte: where an annotated image
 * is turned by its EXIF orientation, nobody knows which of the two its annotation means.
 *
 * @throws {UserError} where one of `names` has both, before anything is written.
 */
export async function refuseRotatedAnnotated(
  dataset: Dataset,
  names: readonly string[],
): Promise<void> {
  const annotated = await annotatedImages(dataset);
  const rotated: string[] = [];
  await forEachConcurrently(
    names.filter((name) => annotated.has(name)),
    async (name) => {
      const metadata = await sharp(join(dataset.directory, name))
        .metadata()
        .catch(() => undefined);
      if ((metadata?.orientation ?? 1) > 1) rotated.push(name);
    },
  );
  if (rotated.length === 0) return;
  rotated.sort();
  throw new UserError(
    `Expected upright pixels in annotated images, got an EXIF rotation in ${rotated.length} of ${dataset.directory}, first "${rotated[0]}". Turn the pixels and the annotation, or remove the EXIF orientation where the annotation fits the pixels as stored.`,
  );
}
