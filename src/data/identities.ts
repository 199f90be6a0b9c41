import type { Dataset } from './dataset.ts';
import { readMetadataFields } from './metadata-fields.ts';

/** Whether a metadata field says who an image shows; an empty text says nothing. */
export function isIdentity(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

/** Who the images of a dataset show, by their names, where the metadata has an `identity`. */
export async function readIdentities(
  dataset: Dataset,
): Promise<ReadonlyMap<string, string | number>> {
  const found = new Map<string, string | number>();
  await readMetadataFields(dataset, (image, { identity }) => {
    if (isIdentity(identity)) found.set(image, identity);
  });
  return found;
}
