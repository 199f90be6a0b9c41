import { basename, extname, resolve } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { listFiles } from './list-files.ts';
import { type MetadataEntry, type MetadataLine, readMetadata } from './metadata.ts';

const imageExtensions = new Set(['.png', '.jpg', '.jpeg', '.webp']);

/** `NAME.parts.png` beside `NAME.png` is an annotation even where no metadata says so. */
const sideCarKinds = new Set(['parts', 'mask', 'depth', 'normals']);

/** A folder of images with whatever annotations lie in it; all names are relative, with `/`. */
export interface Dataset {
  readonly directory: string;
  /** Sorted. */
  readonly images: readonly string[];
  /** Every other file: metadata, annotations, side-cars, anything else. Sorted. */
  readonly otherFiles: readonly string[];
  /** Where each image's line of a `metadata.jsonl` is, for those that have one. */
  readonly metadata: ReadonlyMap<string, MetadataLine>;
  /** Files with an image's stem and files its metadata names, for those that have any. */
  readonly sideCars: ReadonlyMap<string, readonly string[]>;
  /** What a user should know about the folder, one sentence each. */
  readonly notes: readonly string[];
}

/** An image of a set and where it is. */
export interface ImageFile {
  readonly name: string;
  readonly path: string;
}

/** `a/b.png` → `a/b`. */
function stemOf(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}

function isSideCarImage(name: string, stems: ReadonlySet<string>): boolean {
  const kind = extname(stemOf(name));
  return sideCarKinds.has(kind.slice(1)) && stems.has(stemOf(stemOf(name)));
}

async function readAllMetadata(
  directory: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, MetadataEntry>> {
  const entries = new Map<string, MetadataEntry>();
  for (const file of names.filter((name) => basename(name) === 'metadata.jsonl')) {
    for (const entry of await readMetadata(directory, file)) {
      const other = entries.get(entry.image);
      if (other !== undefined) {
        throw new UserError(
          `Expected one metadata line an image, got two for "${entry.image}" (in ${other.file} and ${file} of ${directory}). Remove one of them.`,
        );
      }
      entries.set(entry.image, entry);
    }
  }
  return entries;
}

/** Every file whose name is an image's stem, a dot and more belongs to that image. */
function findSideCars(
  images: readonly string[],
  otherFiles: readonly string[],
  entries: ReadonlyMap<string, MetadataEntry>,
): Map<string, string[]> {
  const byStem = new Map<string, string[]>();
  for (const image of images) {
    const stem = stemOf(image);
    const same = byStem.get(stem);
    if (same === undefined) byStem.set(stem, [image]);
    else same.push(image);
  }
  const sideCars = new Map<string, string[]>();
  const add = (image: string, file: string) => {
    const files = sideCars.get(image);
    if (files === undefined) sideCars.set(image, [file]);
    else if (!files.includes(file)) files.push(file);
  };
  for (const file of otherFiles) {
    const nameStart = file.lastIndexOf('/') + 1;
    for (let dot = file.indexOf('.', nameStart); dot > 0; dot = file.indexOf('.', dot + 1)) {
      for (const image of byStem.get(file.slice(0, dot)) ?? []) add(image, file);
    }
  }
  const existing = new Set(otherFiles);
  for (const [image, { companions }] of entries) {
    for (const file of companions) if (existing.has(file)) add(image, file);
  }
  return sideCars;
}

function describe(
  images: ReadonlySet<string>,
  entries: ReadonlyMap<string, MetadataEntry>,
): string[] {
  if (entries.size === 0) return [];
  const missing = [...entries.keys()].filter((name) => !images.has(name));
  const bare = images.size - (entries.size - missing.length);
  const notes: string[] = [];
  if (missing.length > 0) {
    notes.push(
      `${missing.length} metadata line(s) name an image that is not there, first "${missing[0]}".`,
    );
  }
  if (bare > 0) notes.push(`${bare} image(s) have no metadata line.`);
  return notes;
}

/**
 * Opens a folder of images: PNG, JPEG and WebP files at any depth, with `metadata.jsonl`, COCO
 * keypoints, 300-W `.pts` and any other side-car. Reads names and metadata, no pixels.
 *
 * Not images of the set: files that a `*_file_name` field other than `file_name` names,
 * `NAME.parts.png` and its like beside `NAME.png`, names that start with `.` or `_`, `rejected/`.
 *
 * @throws {UserError} for a missing folder, a file in its place, a folder without images, two
 *   metadata lines for one image, and a metadata line that is not JSON.
 */
export async function openDataset(directory: string): Promise<Dataset> {
  const root = resolve(directory);
  const names = await listFiles(root);
  const entries = await readAllMetadata(root, names);
  const companions = new Set([...entries.values()].flatMap((entry) => entry.companions));
  const candidates = names.filter((name) => imageExtensions.has(extname(name).toLowerCase()));
  const stems = new Set(candidates.map(stemOf));
  const images = candidates.filter(
    (name) => !companions.has(name) && (entries.has(name) || !isSideCarImage(name, stems)),
  );
  if (images.length === 0) {
    throw new UserError(
      `Expected a folder of images (PNG, JPEG or WebP) at ${directory}, got none among its ${names.length} file(s). Check the path.`,
    );
  }
  const imageSet = new Set(images);
  const otherFiles = names.filter((name) => !imageSet.has(name));
  const metadata = new Map<string, MetadataLine>();
  for (const [image, { file, start, length }] of entries) {
    if (imageSet.has(image)) metadata.set(image, { file, start, length });
  }
  return {
    directory: root,
    images,
    otherFiles,
    metadata,
    sideCars: findSideCars(images, otherFiles, entries),
    notes: describe(imageSet, entries),
  };
}
