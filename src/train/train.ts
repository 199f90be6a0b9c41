import type { SourceSummary } from '../data/image-source.ts';
import type { Device } from '../runtime/device.ts';
import { loadLatestCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { configWarnings, type TrainConfig } from './config.ts';
import { initialCounters } from './counters.ts';
import { requireFinite } from './divergence.ts';
import { createEngine, type Engine, exportedParameters } from './engine.ts';
import { exportRefiner } from './export-refiner.ts';
import { createGame, type Game } from './game.ts';
import { type CurveWriter, createCurveWriter } from './loss-curves.ts';
import { type MetricsLine, type MetricsLog, openMetricsLog } from './metrics-log.ts';
import {
  adversarialSteps,
  type Phase,
  progressPoint,
  requireStepsLeft,
  totalSteps,
} from './progress-point.ts';
import type { RunDescription } from './run-description.ts';
import { openRunFolder, outcomeName, type RunFolder, requireRunApart } from './run-folder.ts';
import { createSampler, type Sampler } from './samples.ts';
import { createStagnationRecord, type StagnationRecord } from './stagnation-record.ts';
import { openTrainingImages, type TrainingImages } from './training-images.ts';

export interface TrainOptions {
  /** Folder with rendered images. */
  readonly synthetic: string;
  /** Folder with photographs. */
  readonly real: string;
  /** Folder of the run. */
  readonly run: string;
  readonly config: TrainConfig;
  /** Name of the preset, and the dotted keys that differ from it, for `config.json`. */
  readonly preset: string;
  readonly changed?: readonly string[];
  readonly resume?: boolean;
  readonly device?: Device;
  /** Stops after so many minutes, saved; a resumed run counts anew. */
  readonly minutes?: number;
  /** Aborted, the run saves and ends as interrupted. */
  readonly signal?: AbortSignal;
}

/** What happens in a run, in order. */
export type TrainEvent =
  | {
      readonly kind: 'start';
      readonly index: number;
      readonly total: number;
      readonly nodeCounts: Engine['nodeCounts'];
    }
  | { readonly kind: 'warning'; readonly message: string }
  | {
      readonly kind: 'step';
      readonly index: number;
      readonly phase: Phase;
      readonly metrics: MetricsLine;
      /** Until the given minutes are over. */
      readonly secondsLeft?: number | undefined;
    }
  | { readonly kind: 'stagnation'; readonly step: number; readonly message: string }
  | { readonly kind: 'sample'; readonly path: string }
  | { readonly kind: 'checkpoint'; readonly path: string };

/** How a run ended. */
export interface TrainOutcome {
  readonly outcome: 'finished' | 'interrupted' | 'out-of-time';
  /** Adversarial iterations done. */
  readonly steps: number;
  /** Of this process; a resumed run counts anew. */
  readonly minutes: number;
  readonly stagnation: StagnationRecord['notices'];
  readonly images: { readonly synthetic: SourceSummary; readonly real: SourceSummary };
  /** Of the last step. */
  readonly metrics: MetricsLine | undefined;
}

/** `run.json`: the outcome, or the error that ended the run. */
export type RunRecord =
  | TrainOutcome
  | (Omit<TrainOutcome, 'outcome'> & { readonly outcome: 'failed'; readonly message: string });

/**
 * Trains a refiner: pre-training, then the adversarial game (Shrivastava et al. 2017, arXiv
 * 1612.07828, algorithm 1), step by step, into a run folder that can be resumed bit by bit.
 *
 * @throws {UserError} for folders, images or a device that cannot be used.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, TrainOutcome> {
  const { config } = options;
  const started = performance.now();

  // Images first: a wrong folder is said before anything is written or compiled.
  const images = await openTrainingImages(options);
  yield* warnings([...images.warnings, ...configWarnings(config)]);

  await requireRunApart(options);
  const folder = await openRunFolder(options.run, describe(options, images), {
    resume: options.resume ?? false,
  });
  let engine: Engine | undefined;
  let log: MetricsLog | undefined;
  try {
    engine = await createEngine(config, { device: options.device ?? 'cpu', ...threadsOf(config) });

    // A resumed run stands where its last checkpoint does; later lines of the log are cut.
    const checkpoint = folder.resumed
      ? await loadLatestCheckpoint(folder.checkpoints, engine.state)
      : undefined;
    const counters = checkpoint?.counters ?? initialCounters(config);
    requireStepsLeft(counters.index, config);
    if (checkpoint) engine.restore(checkpoint.networks);
    yield* warnings(checkpoint?.damaged ?? []);
    const stagnation = createStagnationRecord(config);
    const opened = await openMetricsLog(folder.metrics, counters.index, stagnation.replay);
    log = opened.log;
    if (opened.kept < counters.index) {
      yield* warnings([
        `${folder.metrics} lost ${counters.index - opened.kept} of ${counters.index} lines; the run goes on without them.`,
      ]);
    }
    await folder.begin();

    const run: Run = {
      options,
      started,
      folder,
      log,
      images,
      engine,
      game: createGame({ config, engine, images, history: checkpoint?.history, counters }),
      stagnation,
      sampler: createSampler(config, engine, images),
      curves: createCurveWriter(folder.path, options.preset, config),
    };
    return yield* play(run);
  } finally {
    await Promise.allSettled([engine?.dispose(), log?.close()]);
    await folder.close();
  }
}

interface Run {
  readonly options: TrainOptions;
  /** `performance.now()` at the beginning. */
  readonly started: number;
  readonly folder: RunFolder;
  readonly log: MetricsLog;
  readonly images: TrainingImages;
  readonly engine: Engine;
  readonly game: Game;
  readonly stagnation: StagnationRecord;
  readonly sampler: Sampler;
  readonly curves: CurveWriter;
}

/** All steps that are left, or as many as time and the user allow; then `run.json`. */
async function* play(run: Run): AsyncGenerator<TrainEvent, TrainOutcome> {
  const { options, folder, engine, game } = run;
  const { config, signal } = options;
  const total = totalSteps(config);
  yield { kind: 'start', index: game.counters.index, total, nodeCounts: engine.nodeCounts };
  try {
    let outcome: TrainOutcome['outcome'] = 'finished';
    while (game.counters.index < total) {
      if (signal?.aborted) outcome = 'interrupted';
      else if ((secondsLeftOf(run) ?? 1) <= 0) outcome = 'out-of-time';
      if (outcome !== 'finished') break;
      yield* playStep(run);
    }
    // Whatever ended the run, it is saved, and its refiner can be used and looked at.
    yield* writeSample(run);
    yield* save(run);
    await run.curves.write();
    const result: TrainOutcome = { outcome, ...summarize(run) };
    await folder.write(outcomeName, toJson(result));
    return result;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const record: RunRecord = { outcome: 'failed', message, ...summarize(run) };
    // The folder may be what failed; the error that says so is the one to show.
    await folder.write(outcomeName, toJson(record)).catch(() => {});
    throw error;
  }
}

/** One step with everything that follows from it: log line, notice, sample picture, checkpoint. */
async function* playStep(run: Run): AsyncGenerator<TrainEvent> {
  const { log, game, stagnation, options } = run;
  const { config } = options;
  const { index } = game.counters;
  const point = progressPoint(index, config);
  const began = performance.now();
  const metrics = await game.play(point);
  const seconds = (performance.now() - began) / 1000;
  const imagesPerSecond = config.batchSize / seconds;
  const measured: MetricsLine = { ...point, ...metrics, seconds, imagesPerSecond };
  const notice = stagnation.add(measured);
  const line = notice ? { ...measured, stagnation: notice.message } : measured;
  await log.append(line);
  requireFinite(line);
  const secondsLeft = secondsLeftOf(run);
  yield { kind: 'step', index: index + 1, phase: point.phase, metrics: line, secondsLeft };

  if (notice) yield { kind: 'stagnation', ...notice };
  if (index + 1 === totalSteps(config)) return;
  if (point.phase === 'adversarial' && point.step % config.samples.every === 0) {
    yield* writeSample(run);
  }
  if ((index + 1) % config.checkpoints.every === 0) {
    yield* save(run);
    await run.curves.writeNowAndThen();
  }
}

async function* writeSample({ sampler, folder, game, options }: Run): AsyncGenerator<TrainEvent> {
  const step = adversarialSteps(game.counters.index, options.config);
  yield { kind: 'sample', path: await sampler.write(folder.samples, step) };
}

/** A checkpoint, and the refiner as it is now: a killed run can be resumed and used from here. */
async function* save({ folder, log, game, engine, options }: Run): AsyncGenerator<TrainEvent> {
  const { config, preset } = options;
  const checkpoint = {
    networks: engine.state,
    history: game.history.state(),
    counters: game.counters,
  };
  await log.sync();
  const path = await saveCheckpoint(folder.checkpoints, checkpoint, config.checkpoints.keep);
  const { refiner } = engine.players;
  const exported = exportedParameters(engine.state, config);
  const { channels, size } = config;
  await folder.write('refiner.onnx', exportRefiner(refiner, exported, { channels, size, preset }));
  yield { kind: 'checkpoint', path };
}

function secondsLeftOf({ options, started }: Run): number | undefined {
  const { minutes } = options;
  return minutes === undefined ? undefined : 60 * minutes - (performance.now() - started) / 1000;
}

function summarize(run: Run): Omit<TrainOutcome, 'outcome'> {
  const { options, started, game, stagnation, images } = run;
  return {
    steps: adversarialSteps(game.counters.index, options.config),
    minutes: (performance.now() - started) / 60_000,
    stagnation: stagnation.notices,
    images: images.summary(),
    metrics: stagnation.latest(),
  };
}

function* warnings(messages: readonly string[]): Generator<TrainEvent> {
  for (const message of messages) yield { kind: 'warning', message };
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function threadsOf({ threads }: TrainConfig): { readonly threads?: number } {
  return threads === 0 ? {} : { threads };
}

function describe(options: TrainOptions, images: TrainingImages): RunDescription {
  const { preset, config, changed = [], synthetic, real, device = 'cpu' } = options;
  return { preset, config, changed, synthetic, real, imageLists: images.lists, device };
}
