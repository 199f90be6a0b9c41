import { setImmediate } from 'node:timers/promises';
import { UserError } from '../base/user-error.ts';
import { type Dataset, openDataset } from '../data/dataset.ts';
import type { Device } from '../runtime/device.ts';
import { type Backlog, createBacklog } from './backlog.ts';
import type { RefineConfig } from './config.ts';
import { type DatasetWriter, openDatasetWriter, type WriterSummary } from './dataset-writer.ts';
import { loadRefinerModel, type RefinerModel } from './model.ts';
import { openNetwork, type RefinerNetwork } from './network.ts';
import { type BatchLimits, fullBatch, type NamedImage, readBatches } from './read-batches.ts';

export interface RefineOptions {
  /** A run folder or an ONNX file. */
  readonly model: string;
  /** The folder of images. */
  readonly input: string;
  /** The folder of the refined images. */
  readonly output: string;
  readonly config: RefineConfig;
  readonly device?: Device;
  /** Aborted, the images under way are finished and the rest is left to a later run. */
  readonly signal?: AbortSignal | undefined;
}

/** What happens, in order. `done` counts images that are refined, now or earlier, or skipped. */
export type RefineEvent =
  | { readonly kind: 'warning'; readonly message: string }
  | {
      readonly kind: 'start';
      readonly model: Omit<RefinerModel, 'bytes'>;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: 'skipped'; readonly name: string; readonly reason: string }
  | { readonly kind: 'progress'; readonly done: number };

/** How it ended. */
export interface RefineOutcome extends WriterSummary {
  readonly outcome: 'finished' | 'interrupted';
  /** Over the images written now: the mean of |refined − image|, both in −1 … 1. */
  readonly meanAbsoluteChange: number | undefined;
  readonly model: Omit<RefinerModel, 'bytes'>;
  readonly seconds: number;
}

/**
 * Refines a dataset into another folder: same names, sizes, formats and annotations, and
 * `refinement.jsonl`. Decoding and encoding go on in other threads while the network runs. Goes on
 * where an earlier run with the same model and input stopped.
 *
 * @throws {UserError} for a model, device or folder that cannot be used, and once more than
 *   `data.maxBroken` of the images are unreadable; what is done until then is kept.
 */
export async function* refine(options: RefineOptions): AsyncGenerator<RefineEvent, RefineOutcome> {
  const { config, device = 'cpu', output } = options;
  const started = performance.now();

  // Model, images and device first: a mistake is said before anything is written.
  const { bytes, ...model } = await loadRefinerModel(options.model);
  const input = await openDataset(options.input);
  const threads = config.threads === 0 ? {} : { threads: config.threads };
  const network = await openNetwork({ ...model, bytes }, { device, ...threads });
  try {
    const writer = await openDatasetWriter({ input, output, modelSha256: model.sha256 });
    const backlog = createBacklog();
    try {
      yield* input.notes.map((message) => ({ kind: 'warning', message }) as const);
      yield { kind: 'start', model, done: writer.summary().earlier, total: input.images.length };

      const work = { options, model, input, network, writer, backlog };
      const { outcome, meanAbsoluteChange } = yield* refineAll(work);

      const seconds = (performance.now() - started) / 1000;
      return { outcome, ...writer.summary(), meanAbsoluteChange, model, seconds };
    } finally {
      await backlog.settle();
      await writer.close();
    }
  } finally {
    await network.dispose();
  }
}

interface Work {
  readonly options: RefineOptions;
  readonly model: Omit<RefinerModel, 'bytes'>;
  readonly input: Dataset;
  readonly network: RefinerNetwork;
  readonly writer: DatasetWriter;
  readonly backlog: Backlog;
}

async function* refineAll(
  work: Work,
): AsyncGenerator<RefineEvent, Pick<RefineOutcome, 'outcome' | 'meanAbsoluteChange'>> {
  const { options, model, input, writer, backlog } = work;
  const { batchSize, batchPixels } = options.config;
  const limits = { batchSize: Math.min(batchSize, model.largestBatch ?? batchSize), batchPixels };
  const { directory, images } = input;
  const names = writer.pending;
  let change = 0;
  for await (const batch of readBatches({
    directory,
    names,
    channels: model.channels,
    ...limits,
  })) {
    if (options.signal?.aborted) break;
    if (batch.kind === 'broken') {
      const { name, reason } = batch;
      await writer.skip(name, reason);
      yield { kind: 'skipped', name, reason };
      checkBroken(work);
    } else {
      change += await refineBatch(work, batch.images, limits);
      const { written, earlier, skipped } = writer.summary();
      yield { kind: 'progress', done: earlier + written + skipped.length };
    }
  }
  await backlog.shrinkTo(0);
  const { written, earlier, skipped } = writer.summary();
  const done = earlier + written + skipped.length;
  yield { kind: 'progress', done };
  return {
    outcome: done < images.length ? 'interrupted' : 'finished',
    meanAbsoluteChange: written === 0 ? undefined : change / written,
  };
}

/** Refines a batch and starts writing it; gives the sum of the images' changes. */
async function refineBatch(
  { network, writer, backlog, model }: Work,
  batch: readonly NamedImage[],
  limits: BatchLimits,
): Promise<number> {
  const refined = await network.refine(batch.map(({ image }) => image));
  let sum = 0;
  for (const [i, { name, image: source }] of batch.entries()) {
    const { meanAbsoluteChange, ...values } = refined[i];
    const record = {
      model: model.sha256,
      width: values.width,
      height: values.height,
      meanAbsoluteChange: Number(meanAbsoluteChange.toFixed(6)),
      accepted: true,
      reason: 'not verified',
    };
    backlog.add(writer.write({ name, source, refined: values, record }));
    sum += meanAbsoluteChange;
  }
  // The network holds this thread while it runs: files under way need a turn to take their next
  // step.
  await setImmediate();
  await backlog.shrinkTo(4 * fullBatch(batch[0].image, limits));
  return sum;
}

/** @throws {UserError} where too many images are broken. */
function checkBroken({ options, input, writer }: Work): void {
  const { skipped } = writer.summary();
  const { maxBroken } = options.config.data;
  const total = input.images.length;
  if (skipped.length <= maxBroken * total && skipped.length < total) return;
  const named = skipped.slice(0, 5).map(({ name, reason }) => `  ${name} ${reason}`);
  const more = skipped.length > 5 ? [`  … and ${skipped.length - 5} more`] : [];
  const percent = Number((100 * maxBroken).toFixed(1));
  throw new UserError(
    [
      `Expected at most ${percent} % broken images in ${input.directory}, got ${skipped.length} of ${total} so far. What is refined is kept. Mend or remove them (into a new output folder), or allow more with --max-broken:`,
      ...named,
      ...more,
    ].join('\n'),
  );
}
