import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../base/user-error.ts';
import { explainFileError } from '../files/file-error.ts';
import { type AssetMemory, assetsIn } from './assets/load-assets.ts';
import type { RenderSettings } from './dataset-folder.ts';
import { createWorkspace } from './geometry/workspace.ts';
import { type Annotation, annotationOf, writeImageFiles } from './output/annotation.ts';
import { renderImage } from './render-image.ts';
import { sampleScene } from './scene/sample-scene.ts';

export interface WorkerInput {
  readonly memory: AssetMemory;
  readonly settings: RenderSettings;
  readonly folder: string;
}

/** What a worker answers to the number of an image. */
export type WorkerAnswer =
  | { readonly index: number; readonly annotation: Annotation }
  | { readonly index: number; readonly error: unknown }
  /** What a user can mend; the class of an error, and its code, are lost between threads. */
  | { readonly index: number; readonly userError: string };

const { memory, settings, folder } = workerData as WorkerInput;
const assets = assetsIn(memory);
const workspace = createWorkspace();

async function renderOne(index: number): Promise<Annotation> {
  const { config, size, grayscale, depth, normals } = settings;
  const scene = sampleScene(assets, config, { ...settings, index });
  const rendered = renderImage(assets, scene, { size, grayscale, depth, normals, workspace });
  const identity = Math.floor(index / settings.imagesPerIdentity);
  const image = { index, identity, scene, rendered };
  await writeImageFiles(folder, image);
  return annotationOf(image);
}

function failure(index: number, error: unknown): WorkerAnswer {
  const explained = explainFileError(error, folder);
  return explained instanceof UserError
    ? { index, userError: explained.message }
    : { index, error };
}

parentPort?.on('message', (index: number) => {
  renderOne(index).then(
    (annotation) => parentPort?.postMessage({ index, annotation } satisfies WorkerAnswer),
    (error: unknown) => parentPort?.postMessage(failure(index, error)),
  );
});
