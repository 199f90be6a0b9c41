import type { Dataset } from './dataset.ts';
import type { MetadataLine } from './metadata.ts';

/** The metadata lines of a dataset by the `metadata.jsonl` they are in, each with its image. */
export function metadataByFile(
  dataset: Dataset,
): ReadonlyMap<string, readonly (readonly [image: string, line: MetadataLine])[]> {
  const byFile = new Map<string, (readonly [string, MetadataLine])[]>();
  for (const entry of dataset.metadata) {
    const same = byFile.get(entry[1].file);
    if (same === undefined) byFile.set(entry[1].file, [entry]);
    else same.push(entry);
  }
  return byFile;
}
