import { rename, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { type Dataset, openDataset } from '../../data/dataset.ts';
import { readMetadataLines } from '../../data/metadata.ts';
import { metadataByFile } from '../../data/metadata-by-file.ts';
import { copyFileAtomically, writeFileAtomically } from '../../files/atomic-file.ts';
import { makeFolder } from '../../files/make-folder.ts';

/** The folder below a refined set that holds what verification rejected. */
export const rejectedFolder = 'rejected';

/**
 * Moves rejected images with their side-cars and metadata lines into `rejected/`, a dataset of its
 * own; `metadata.jsonl` keeps the lines of the others, each byte for byte. COCO files, which speak
 * of all images, are copied. Running it again after an interruption finishes the work.
 *
 * @param input the set that was refined, whose names, side-cars and metadata the output has
 * @param unreadable images that were left out, whose lines go as well
 */
export async function separateRejected(
  input: Dataset,
  output: string,
  rejected: ReadonlySet<string>,
  unreadable: ReadonlySet<string> = new Set(),
): Promise<void> {
  const keeps = (image: string) => !rejected.has(image) && !unreadable.has(image);
  if (rejected.size > 0) await moveRejected(input, output, rejected);
  if (!input.images.every(keeps)) await writeMetadata(input, output, keeps);
}

async function moveRejected(
  input: Dataset,
  output: string,
  rejected: ReadonlySet<string>,
): Promise<void> {
  const target = join(output, rejectedFolder);
  await makeFolder(target);
  // The lines come from the input: those of the output may be cut already.
  await writeMetadata(input, target, (image) => rejected.has(image));
  for (const file of filesOfNoImage(input)) {
    if (extname(file).toLowerCase() === '.json') await copyInto(target, output, file);
  }
  const shared = filesOfOthers(input, rejected);
  for (const image of rejected) {
    for (const file of input.sideCars.get(image) ?? []) {
      if (shared.has(file)) await copyInto(target, output, file);
      else await moveInto(target, output, file);
    }
    await moveInto(target, output, image);
  }
}

/** Images that verification rejected earlier, found in `rejected/`. */
export async function rejectedImages(output: string): Promise<readonly string[]> {
  const folder = join(output, rejectedFolder);
  const exists = await stat(folder).catch(() => undefined);
  return exists === undefined ? [] : (await openDataset(folder)).images;
}

function filesOfNoImage(input: Dataset): string[] {
  const owned = new Set([...input.sideCars.values()].flat());
  return input.otherFiles.filter((file) => !owned.has(file));
}

function filesOfOthers(input: Dataset, rejected: ReadonlySet<string>): ReadonlySet<string> {
  const others = [...input.sideCars].filter(([image]) => !rejected.has(image));
  return new Set(others.flatMap(([, files]) => files));
}

async function writeMetadata(
  input: Dataset,
  folder: string,
  keeps: (image: string) => boolean,
): Promise<void> {
  for (const [file, entries] of metadataByFile(input)) {
    const kept = entries
      .filter(([image]) => keeps(image))
      .map(([, line]) => line)
      .toSorted((p, q) => p.start - q.start);
    const lines = await readMetadataLines(input.directory, kept);
    const path = join(folder, file);
    await makeFolder(dirname(path));
    await writeFileAtomically(path, Buffer.concat(lines.flatMap((line) => [line, newline])));
  }
}

const newline = Buffer.from('\n');

async function moveInto(target: string, output: string, file: string): Promise<void> {
  const to = join(target, file);
  await makeFolder(dirname(to));
  await rename(join(output, file), to).catch(ignoreMissing);
}

async function copyInto(target: string, output: string, file: string): Promise<void> {
  await copyFileAtomically(join(output, file), join(target, file)).catch(ignoreMissing);
}

/** An earlier run has moved it. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
