import { join } from 'node:path';
import { withoutByteOrderMark } from '../files/byte-order-mark.ts';
import type { Dataset } from './dataset.ts';
import { readMetadataLines } from './metadata.ts';
import { metadataByFile } from './metadata-by-file.ts';

/** What a metadata line says, its image and the `metadata.jsonl` it is in. */
export type FieldVisitor = (
  image: string,
  fields: Readonly<Record<string, unknown>>,
  file: string,
) => void;

/** Shows the fields of every image that has a metadata line, one file of lines after the other. */
export async function readMetadataFields(dataset: Dataset, visit: FieldVisitor): Promise<void> {
  for (const [file, entries] of metadataByFile(dataset)) {
    const lines = entries.map(([, line]) => line);
    const contents = await readMetadataLines(dataset.directory, lines);
    for (const [i, [image]] of entries.entries()) {
      visit(image, JSON.parse(withoutByteOrderMark(contents[i].toString('utf8'))), file);
    }
  }
}

/** How messages name the metadata line of an image. */
export function metadataPlace({ directory }: Dataset, image: string, file: string): string {
  return `the line of "${image}" in ${join(directory, file)}`;
}
