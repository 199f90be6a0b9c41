import { Worker } from 'node:worker_threads';
import { UserError } from '../base/user-error.ts';
import type { Annotation } from './output/annotation.ts';
import type { WorkerAnswer, WorkerInput } from './worker.ts';

/** Images a worker has in hand, so that it need not wait for the next number. */
const perWorker = 2;

function workerUrl(): URL {
  // Node does not run TypeScript in workers: from sources (tests), use the built worker.
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(isSource ? '../../dist/render/worker.js' : './worker.js', import.meta.url);
}

export interface PoolOptions extends WorkerInput {
  readonly jobs: number;
  readonly first: number;
  /** One past the last image. */
  readonly end: number;
  readonly signal?: AbortSignal;
}

/**
 * Renders images on worker threads and yields their annotations in order. Numbers are handed out
 * in order too, so only a few finished ones ever wait for a slower one. After an abort, what is
 * in hand is finished and yielded, then the sequence ends.
 */
export async function* renderedAnnotations(options: PoolOptions): AsyncGenerator<Annotation> {
  const { jobs, first, end, signal } = options;
  if (first >= end) return;
  const finished = new Map<number, Annotation>();
  let next = first;
  let failure: { readonly error: unknown } | undefined;
  let wake = () => {};
  const handOut = (worker: Worker) => {
    if (next < end && !signal?.aborted && failure === undefined) worker.postMessage(next++);
  };
  const fail = (error: unknown) => {
    failure ??= { error };
    wake();
  };
  const workers = Array.from({ length: Math.min(jobs, end - first) }, () => {
    const { memory, settings, folder } = options;
    // Images live outside the heap; what is left is short-lived, and a small nursery stays small.
    const resourceLimits = { maxYoungGenerationSizeMb: 16 };
    const workerData = { memory, settings, folder };
    const worker = new Worker(workerUrl(), { workerData, resourceLimits });
    worker.on('message', (answer: WorkerAnswer) => {
      if ('error' in answer) return fail(answer.error);
      if ('userError' in answer) return fail(new UserError(answer.userError));
      finished.set(answer.index, answer.annotation);
      handOut(worker);
      wake();
    });
    worker.on('error', fail);
    return worker;
  });
  try {
    for (let i = 0; i < perWorker; i++) workers.forEach(handOut);
    for (let at = first; at < next; at++) {
      while (!finished.has(at)) {
        if (failure !== undefined) throw failure.error;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      yield finished.get(at)!;
      finished.delete(at);
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
