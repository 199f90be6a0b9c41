import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UserError } from '../base/user-error.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { loadAssetMemory } from './assets/load-assets.ts';
import {
  metadataName,
  openDatasetFolder,
  type RenderSettings,
  reportFolder,
} from './dataset-folder.ts';
import type { Annotation } from './output/annotation.ts';
import { createCoco } from './output/coco.ts';
import { createDistribution, type Distribution } from './output/distribution.ts';
import { contactSheet, overlaySheet } from './output/sheets.ts';
import { parseRenderConfig } from './parse-config.ts';
import type { RenderConfigInput } from './scene/config.ts';
import { renderedLines } from './worker-pool.ts';

export interface RenderDatasetOptions {
  readonly out: string;
  /** Images, default 1000. */
  readonly count?: number;
  /** Edge of the images in pixels, 16 … 2048, default 128. */
  readonly size?: number;
  /** Default 1. */
  readonly seed?: number;
  /** One channel instead of three. */
  readonly grayscale?: boolean;
  /** Images of each person, default 1. */
  readonly imagesPerIdentity?: number;
  /** Worker threads, default one a core. */
  readonly jobs?: number;
  /** Write `coco.json` too. */
  readonly coco?: boolean;
  /** Write depth maps, 16-bit PNG in millimetres. */
  readonly depth?: boolean;
  /** Write normal maps. */
  readonly normals?: boolean;
  /** Distributions; what is missing takes its default. */
  readonly config?: RenderConfigInput;
}

export interface RenderEvents {
  /** The assets are packed first, once an installation; takes some seconds. */
  readonly onPack?: (path: string) => void;
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops after the images in hand; the set can be continued. */
  readonly signal?: AbortSignal;
}

export interface RenderSummary {
  readonly folder: string;
  /** Images in the folder now. */
  readonly images: number;
  /** Images of this run. */
  readonly rendered: number;
  readonly interrupted: boolean;
  readonly imagesPerSecond: number;
  readonly distribution: Distribution;
}

const sheetImages = 100;
const overlayImages = 30;

function wholeNumber(name: string, value: number, [low, high]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UserError(
    `Expected a whole number of ${low} to ${high} as ${name}, got ${value}. Do change it.`,
  );
}

function settingsOf(options: RenderDatasetOptions): RenderSettings {
  const { size = 128, seed = 1, imagesPerIdentity = 1 } = options;
  return {
    seed: wholeNumber('seed', seed, [0, Number.MAX_SAFE_INTEGER]),
    size: wholeNumber('size', size, [16, 2048]),
    grayscale: options.grayscale ?? false,
    imagesPerIdentity: wholeNumber('images-per-identity', imagesPerIdentity, [1, 1e6]),
    depth: options.depth ?? false,
    normals: options.normals ?? false,
    config: parseRenderConfig(options.config),
  };
}

/** Reads the metadata line by line, so that memory does not grow with the set. */
async function* annotationsIn(folder: string): AsyncGenerator<Annotation> {
  const input = createReadStream(join(folder, metadataName));
  for await (const line of createInterface({ input })) {
    if (line !== '') yield JSON.parse(line) as Annotation;
  }
}

/** Writes the distribution report, the sheets and, where wanted, COCO keypoints. */
async function writeReports(folder: string, size: number, coco: boolean): Promise<Distribution> {
  const distribution = createDistribution(size);
  const keypoints = createCoco(size);
  const first: Annotation[] = [];
  for await (const annotation of annotationsIn(folder)) {
    distribution.add(annotation);
    if (coco) keypoints.add(annotation);
    if (first.length < sheetImages) first.push(annotation);
  }
  const report = (name: string) => join(folder, reportFolder, name);
  const result = distribution.result();
  await writeFileAtomically(report('distribution.json'), `${JSON.stringify(result, null, 2)}\n`);
  if (first.length > 0) {
    await writeFileAtomically(report('contact-sheet.png'), await contactSheet(folder, first, size));
    const sheet = await overlaySheet(folder, first.slice(0, overlayImages));
    await writeFileAtomically(report('overlays.png'), sheet);
  }
  if (coco) await writeFileAtomically(join(folder, 'coco.json'), keypoints.json());
  return result;
}

/**
 * Renders a labelled set of faces into a folder, or continues one of the same settings. Image *i*
 * has the same name and bytes whatever `count` and `jobs` are.
 *
 * @throws {UserError} for options, distributions or a folder that cannot be used.
 */
export async function renderDataset(
  options: RenderDatasetOptions,
  { onPack, onProgress, signal }: RenderEvents = {},
): Promise<RenderSummary> {
  const settings = settingsOf(options);
  const total = wholeNumber('count', options.count ?? 1000, [1, 1e7]);
  const jobs = wholeNumber('jobs', options.jobs ?? availableParallelism(), [1, 256]);
  const folder = options.out;
  const first = await openDatasetFolder(folder, settings);
  const memory = await loadAssetMemory({ onPack });
  const started = performance.now();
  let done = first;
  const metadata = await open(join(folder, metadataName), 'a');
  try {
    const range = { first, end: Math.max(first, total) };
    for await (const line of renderedLines({ memory, settings, folder, jobs, signal, ...range })) {
      await metadata.appendFile(`${line}\n`);
      done++;
      onProgress?.(done, range.end);
    }
  } finally {
    await metadata.close();
  }
  const seconds = (performance.now() - started) / 1000;
  return {
    folder,
    images: done,
    rendered: done - first,
    interrupted: done < total,
    imagesPerSecond: Math.round((10 * (done - first)) / seconds) / 10,
    distribution: await writeReports(folder, settings.size, options.coco ?? false),
  };
}
