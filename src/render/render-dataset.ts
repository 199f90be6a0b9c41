import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { openAppendLog } from '../files/append-log.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { exists } from '../files/exists.ts';
import { explainingFileErrors } from '../files/file-error.ts';
import { lockFolder } from '../files/folder-lock.ts';
import { makeFolder } from '../files/make-folder.ts';
import { loadAssetMemory } from './assets/load-assets.ts';
import {
  annotationsIn,
  metadataName,
  openDatasetFolder,
  type RenderSettings,
  reportFolder,
} from './dataset-folder.ts';
import type { Annotation } from './output/annotation.ts';
import { createCoco } from './output/coco.ts';
import { createDistribution, type Distribution } from './output/distribution.ts';
import { writeImageSheet, writeOverlaySheet } from './output/sheets.ts';
import { type RenderConfigInput, renderConfig } from './scene/config.ts';
import { renderedAnnotations } from './worker-pool.ts';

const cocoName = 'coco.json';

export interface RenderDatasetOptions {
  readonly out: string;
  /** Images, default 1000. */
  readonly count?: number | undefined;
  /** Edge of the images in pixels, 16 … 2048, default 128. */
  readonly size?: number | undefined;
  /** Default 1. */
  readonly seed?: number | undefined;
  /** One channel instead of three. */
  readonly grayscale?: boolean;
  /** Images of each person, default 1. */
  readonly imagesPerIdentity?: number | undefined;
  /** Worker threads, default one a core. */
  readonly jobs?: number | undefined;
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
  /** Called at the start with the images that are already there, then after each image. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops after the images in hand; the set can be continued. */
  readonly signal?: AbortSignal;
}

export interface RenderSummary {
  readonly outcome: 'finished' | 'interrupted';
  /** Images in the folder now. */
  readonly images: number;
  /** Images of this run. */
  readonly rendered: number;
  readonly imagesPerSecond: number;
  readonly distribution: Distribution;
}

const sheetImages = 100;
const overlayImages = 32;

function wholeNumber(name: string, value: number, [low, high]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UserError(
    `Expected \`${name}\` to be a whole number from ${low} to ${high}, got ${value}. Give one, such as ${low}.`,
  );
}

function settingsOf(options: RenderDatasetOptions): RenderSettings {
  const { size = 128, seed = 1, imagesPerIdentity = 1 } = options;
  return {
    seed: wholeNumber('seed', seed, [0, Number.MAX_SAFE_INTEGER]),
    size: wholeNumber('size', size, [16, 2048]),
    grayscale: options.grayscale ?? false,
    imagesPerIdentity: wholeNumber('imagesPerIdentity', imagesPerIdentity, [1, 1e6]),
    depth: options.depth ?? false,
    normals: options.normals ?? false,
    config: renderConfig(options.config),
  };
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
    await writeImageSheet(report('contact-sheet.png'), { folder, size }, first);
    await writeOverlaySheet(report('overlays.png'), folder, first.slice(0, overlayImages));
  }
  if (coco) await writeFileAtomically(join(folder, cocoName), keypoints.json());
  return result;
}

/** Renders what is missing; gives the number of images in the folder. */
async function renderMissing(
  folder: string,
  settings: RenderSettings,
  range: { readonly first: number; readonly total: number; readonly jobs: number },
  { onPack, onProgress, signal }: RenderEvents,
): Promise<number> {
  const { first, total, jobs } = range;
  if (first >= total) return first;
  const memory = await loadAssetMemory({ onPack });
  const work = { memory, settings, folder, jobs, first, end: total, signal };
  const metadata = await openAppendLog(join(folder, metadataName));
  let done = first;
  onProgress?.(done, total);
  try {
    for await (const annotation of renderedAnnotations(work)) {
      await metadata.append(annotation);
      done++;
      onProgress?.(done, total);
    }
  } finally {
    await metadata.close();
  }
  return done;
}

/**
 * Renders a labelled set of faces into a folder, or continues one of the same settings. Image *i*
 * has the same name and bytes whatever `count` and `jobs` are.
 *
 * @throws {UserError} for options, distributions or a folder that cannot be used.
 */
export async function renderDataset(
  options: RenderDatasetOptions,
  events: RenderEvents = {},
): Promise<RenderSummary> {
  const settings = settingsOf(options);
  const total = wholeNumber('count', options.count ?? 1000, [1, 1e7]);
  const jobs = wholeNumber('jobs', options.jobs ?? availableParallelism(), [1, 256]);
  const folder = options.out;
  await makeFolder(folder);
  const unlock = await lockFolder(folder, 'lifelike render');
  try {
    return await explainingFileErrors(folder, async () => {
      const first = await openDatasetFolder(folder, settings);
      const started = performance.now();
      const images = await renderMissing(folder, settings, { first, total, jobs }, events);
      const seconds = (performance.now() - started) / 1000;
      return {
        outcome: images < total ? ('interrupted' as const) : ('finished' as const),
        images,
        rendered: images - first,
        imagesPerSecond: Math.round((10 * (images - first)) / seconds) / 10,
        // What an earlier call wrote would list its images alone.
        distribution: await writeReports(
          folder,
          settings.size,
          options.coco || (await exists(join(folder, cocoName))),
        ),
      };
    });
  } finally {
    await unlock();
  }
}
