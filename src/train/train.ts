import type { SourceSummary } from '../data/image-source.ts';
import type { Device } from '../runtime/device.ts';
import { loadLatestCheckpoint, saveCheckpoint } from './checkpoint.ts';
import type { TrainConfig } from './config.ts';
import { type Counters, initialCounters } from './counters.ts';
import { createEngine, type Engine, exportedParameters } from './engine.ts';
import { exportRefiner } from './export-refiner.ts';
import { createGame, type Game } from './game.ts';
import { createPlayers } from './players.ts';
import { type Phase, progressPoint, totalSteps } from './progress-point.ts';
import type { RunDescription } from './run-folder.ts';
import { type MetricsLine, openRunFolder, type RunFolder } from './run-folder.ts';
import { createSampler, type Sampler } from './samples.ts';
import { createStagnationMonitor, type StagnationMonitor } from './stagnation.ts';
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
    }
  | { readonly kind: 'stagnation'; readonly step: number; readonly message: string }
  | { readonly kind: 'sample'; readonly path: string }
  | { readonly kind: 'checkpoint'; readonly path: string };

/** `run.json`: how a run ended. */
export interface TrainOutcome {
  readonly outcome: 'finished' | 'interrupted' | 'out-of-time';
  /** Adversarial iterations done. */
  readonly steps: number;
  readonly minutes: number;
  readonly stagnation: readonly { readonly step: number; readonly message: string }[];
  readonly images: { readonly synthetic: SourceSummary; readonly real: SourceSummary };
  /** Of the last adversarial iteration. */
  readonly metrics: MetricsLine | undefined;
}

/**
 * Trains a refiner: pre-training, then the adversarial game (Shrivastava et al. 2017, arXiv
 * 1612.07828, algorithm 1), step by step, into a run folder that can be resumed bit by bit.
 *
 * @throws {UserError} for folders, images or a device that cannot be used.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, TrainOutcome> {
  const { config, signal } = options;
  const started = performance.now();

  // Images first: a wrong folder is said before anything is written or compiled.
  const images = await openTrainingImages(options);
  yield* images.warnings.map((message) => ({ kind: 'warning', message }) as const);

  const folder = await openRunFolder(options.run, describe(options, images), {
    resume: options.resume ?? false,
  });
  let engine: Engine | undefined;
  try {
    engine = await createEngine(config, { device: options.device ?? 'cpu', ...threadsOf(config) });

    // A resumed run stands where its last checkpoint does; later lines of the log are cut.
    const checkpoint = await loadLatestCheckpoint(folder.checkpoints, engine.state);
    const counters = checkpoint?.counters ?? initialCounters;
    if (checkpoint) {
      engine.restore(checkpoint.networks);
      yield* checkpoint.damaged.map((message) => ({ kind: 'warning', message }) as const);
    }
    const game = createGame({ config, engine, images, history: checkpoint?.history, counters });
    const monitor = createMonitor(config, await folder.startMetrics(counters.index));
    const sampler = createSampler(config, engine, images);
    const run: Run = { options, folder, engine, game, monitor, sampler, images };

    const total = totalSteps(config);
    yield { kind: 'start', index: counters.index, total, nodeCounts: engine.nodeCounts };
    const deadline = started + (options.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
    let outcome: TrainOutcome['outcome'] = 'finished';
    let last: MetricsLine | undefined;
    while (game.counters.index < total) {
      if (signal?.aborted) outcome = 'interrupted';
      else if (performance.now() >= deadline) outcome = 'out-of-time';
      if (outcome !== 'finished') break;
      last = yield* trainStep(run);
    }

    // Whatever ended the run, it is saved, and its refiner can be used.
    yield* save(run);
    const result: TrainOutcome = {
      outcome,
      steps: adversarialSteps(game.counters, config),
      minutes: (performance.now() - started) / 60_000,
      stagnation: monitor.notices,
      images: images.summary(),
      metrics: last,
    };
    await folder.write('run.json', `${JSON.stringify(result, null, 2)}\n`);
    return result;
  } finally {
    await engine?.dispose();
    await folder.close();
  }
}

interface Run {
  readonly options: TrainOptions;
  readonly folder: RunFolder;
  readonly engine: Engine;
  readonly game: Game;
  readonly monitor: RecordingMonitor;
  readonly sampler: Sampler;
  readonly images: TrainingImages;
}

/** One step with everything that follows from it: log line, notice, sample picture, checkpoint. */
async function* trainStep(run: Run): AsyncGenerator<TrainEvent, MetricsLine> {
  const { folder, game, monitor, sampler, options } = run;
  const { config } = options;
  const { index } = game.counters;
  const point = progressPoint(index, config);
  const began = performance.now();
  const metrics = await game.play(point);
  const seconds = (performance.now() - began) / 1000;
  const imagesPerSecond = config.batchSize / seconds;
  const line: MetricsLine = { ...point, ...metrics, seconds, imagesPerSecond };
  await folder.appendMetrics(line);
  yield { kind: 'step', index: index + 1, phase: point.phase, metrics: line };

  const notice = monitor.add(line);
  if (notice) yield { kind: 'stagnation', ...notice };
  if (point.phase === 'adversarial' && point.step % config.samples.every === 0) {
    yield { kind: 'sample', path: await sampler.write(folder.samples, point.step) };
  }
  if ((index + 1) % config.checkpoints.every === 0 && index + 1 < totalSteps(config)) {
    yield* save(run);
  }
  return line;
}

/** A checkpoint, and the refiner as it is now: a killed run can be resumed and used from here. */
async function* save({ folder, game, engine, options }: Run): AsyncGenerator<TrainEvent> {
  const { config, preset } = options;
  const checkpoint = {
    networks: engine.state,
    history: game.history.state(),
    counters: game.counters,
  };
  const path = await saveCheckpoint(folder.checkpoints, checkpoint, config.checkpoints.keep);
  const { refiner } = createPlayers(config);
  const exported = exportedParameters(engine.state, config);
  const { channels, size } = config;
  await folder.write('refiner.onnx', exportRefiner(refiner, exported, { channels, size, preset }));
  yield { kind: 'checkpoint', path };
}

function adversarialSteps({ index }: Counters, config: TrainConfig): number {
  return Math.max(0, index - (totalSteps(config) - config.steps));
}

function threadsOf({ threads }: TrainConfig): { readonly threads?: number } {
  return threads === 0 ? {} : { threads };
}

function describe(options: TrainOptions, images: TrainingImages): RunDescription {
  const { preset, config, changed = [], synthetic, real, device = 'cpu' } = options;
  return { preset, config, changed, synthetic, real, imageLists: images.lists, device };
}

interface RecordingMonitor {
  readonly notices: TrainOutcome['stagnation'];
  add(line: MetricsLine): ReturnType<StagnationMonitor['add']>;
}

/** The stagnation monitor on log lines, having seen those of the resumed run. */
function createMonitor(config: TrainConfig, earlier: readonly MetricsLine[]): RecordingMonitor {
  const monitor = createStagnationMonitor(config.stagnation.window);
  const notices: { step: number; message: string }[] = [];
  const add = (line: MetricsLine) => {
    if (line.phase !== 'adversarial') return undefined;
    const notice = monitor.add({
      step: Number(line.step),
      meanAbsoluteChange: Number(line.meanAbsoluteChange),
      refinerAdversarial: Number(line.refinerAdversarial),
      accuracyRefined: Number(line.accuracyRefined),
    });
    if (notice) notices.push(notice);
    return notice;
  };
  earlier.forEach(add);
  return { notices, add };
}
