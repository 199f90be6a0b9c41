import { UserError } from '../base/user-error.ts';
import { checkpointIndices, loadLatestCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { configWarnings, fallsWithTime, type TrainConfig } from './config.ts';
import { initialCounters } from './counters.ts';
import { requireFinite } from './divergence.ts';
import { createEngine, type Engine } from './engine.ts';
import { measureEqualizer, withEqualizer } from './equalizer.ts';
import { exportRefiner } from './export-refiner.ts';
import { createGame, type Game } from './game.ts';
import { type CurveWriter, createCurveWriter } from './loss-curves.ts';
import { type MetricsLine, type MetricsLog, openMetricsLog } from './metrics-log.ts';
import { exportedParameters } from './network-state.ts';
import { createNoticeRecord, type NoticeRecord } from './notices.ts';
import {
  adversarialSteps,
  type Phase,
  progressPoint,
  requireStepsLeft,
  stepIndex,
  totalSteps,
} from './progress-point.ts';
import { createRunClock, type RunClock } from './run-clock.ts';
import type { RunDescription } from './run-description.ts';
import { openRunFolder, outcomeName, type RunFolder, requireRunApart } from './run-folder.ts';
import { createSampler, type Sampler } from './samples.ts';
import { openSelection, type Selection } from './selection.ts';
import { isRegular } from './selection-record.ts';
import type { RunRecord, TrainEvent, TrainOptions, TrainOutcome } from './train-events.ts';
import { openTrainingImages, type TrainingImages } from './training-images.ts';

export type { RunRecord, TrainEvent, TrainOptions, TrainOutcome };

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
  if (images.validation && options.createEvaluator === undefined) {
    throw new UserError(
      `Expected createEvaluator to measure refiners with, got none while selection.every is ${config.selection.every}. Give it, or set selection.every to 0.`,
    );
  }
  yield* warnings([...images.warnings, ...configWarnings(config)]);

  await requireRunApart(options);
  const folder = await openRunFolder(options.run, describe(options, images), {
    resume: options.resume ?? false,
  });
  let engine: Engine | undefined;
  let log: MetricsLog | undefined;
  let selection: Selection | undefined;
  try {
    engine = await createEngine(config, { device: options.device ?? 'cpu', ...threadsOf(config) });

    // A resumed run stands where its last checkpoint does; later lines of the log are cut.
    const checkpoint = folder.resumed
      ? await loadLatestCheckpoint(folder.checkpoints, engine.state)
      : undefined;
    const counters = checkpoint?.counters ?? initialCounters(config);
    requireStepsLeft(counters.index, config);
    if (checkpoint) engine.restore(checkpoint.networks);
    else if (config.refiner.equalizer) {
      const equalizer = await measureEqualizer(images, config);
      engine.restore(withEqualizer(engine.state, equalizer));
      yield { kind: 'equalizer', gains: equalizer.gains };
    }
    yield* warnings(checkpoint?.damaged ?? []);
    const opened = await reopenLog(folder.metrics, counters.index, config);
    log = opened.log;
    const { notices, played } = opened;
    if (opened.kept < counters.index) {
      yield* warnings([
        `${folder.metrics} lost ${counters.index - opened.kept} of ${counters.index} lines; the run goes on without them.`,
      ]);
    }
    if (options.minutes === undefined && wasTimed(notices.latest(), config)) {
      yield* warnings([
        'The learning rate fell with the time before; without minutes it follows the iterations, and is higher again. Give --minutes, such as those that were left, to go on as before.',
      ]);
    }
    await folder.begin();
    selection = await selectionOf(options, { images, engine, folder, index: counters.index });

    const game = createGame({
      ...{ config, engine, images, counters },
      weightFactor: selection?.weightFactor,
      history: checkpoint?.history,
    });
    const run: Run = {
      options,
      clock: createRunClock({ started, minutes: options.minutes, played }),
      folder,
      log,
      images,
      engine,
      game,
      notices,
      selection,
      sampler: createSampler(config, engine, images),
      curves: createCurveWriter(folder.path, options.preset, config, engine.players),
    };
    return yield* play(run);
  } finally {
    await Promise.allSettled([engine?.dispose(), log?.close(), selection?.close()]);
    await folder.close();
  }
}

/**
 * The log up to a checkpoint, with what the run remembers of it: its notices, and the seconds that
 * the game was played.
 */
async function reopenLog(path: string, index: number, config: TrainConfig) {
  const notices = createNoticeRecord(config);
  let played = 0;
  // By the number of the step: a log that lost lines has fewer of them than steps.
  const belongs = ({ phase, step }: MetricsLine) =>
    stepIndex({ phase: phase as Phase, step: Number(step) }, config) < index;
  const { log, kept } = await openMetricsLog(path, belongs, (line) => {
    notices.add(line);
    if (line.phase !== 'adversarial') return;
    // Lines of an untimed part have the time of the step alone.
    played =
      line.gameSeconds === undefined ? played + Number(line.seconds) : Number(line.gameSeconds);
  });
  return { log, kept, notices, played };
}

interface Run {
  readonly options: TrainOptions;
  readonly clock: RunClock;
  readonly folder: RunFolder;
  readonly log: MetricsLog;
  readonly images: TrainingImages;
  readonly engine: Engine;
  readonly game: Game;
  readonly notices: NoticeRecord;
  readonly selection: Selection | undefined;
  readonly sampler: Sampler;
  readonly curves: CurveWriter;
}

/** All steps that are left, or as many as time and the user allow; then `run.json`. */
async function* play(run: Run): AsyncGenerator<TrainEvent, TrainOutcome> {
  const { folder } = run;
  try {
    const outcome = yield* playSteps(run);
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

/** Steps, and measurements of the refiner between them. */
async function* playSteps(run: Run): AsyncGenerator<TrainEvent, TrainOutcome['outcome']> {
  const { game, engine, selection, images, options } = run;
  const total = totalSteps(options.config);
  const isAborted = () => options.signal?.aborted ?? false;
  try {
    if (selection && game.counters.index < total) {
      const { renders, photographs } = images.validation!;
      yield { kind: 'validation', renders: renders.length, photographs: photographs.length };
      yield* warnings(await selection.prepare());
    }
    yield { kind: 'start', index: game.counters.index, total, nodeCounts: engine.nodeCounts };
    while (game.counters.index < total && !isAborted()) {
      yield* measureRefiner(run, { isLast: false });
      // The last refiner is measured within the given minutes, too.
      const reserved = selection?.secondsNeeded ?? 0;
      if ((run.clock.secondsLeft() ?? Number.POSITIVE_INFINITY) <= reserved) break;
      yield* playStep(run, reserved);
    }
    if (!isAborted()) yield* measureRefiner(run, { isLast: true });
  } catch (error) {
    // A measurement that is given up is made up for when the run is resumed.
    if (!isAborted() || !(error instanceof Error) || error.name !== 'AbortError') throw error;
  }
  const isMeasured = !selection?.isDue(iterationsOf(run), { isLast: true });
  if (game.counters.index === total && isMeasured) return 'finished';
  return isAborted() ? 'interrupted' : 'out-of-time';
}

/** Measures the refiner where it is due; the best one so far is `refiner.onnx` from then on. */
async function* measureRefiner(
  run: Run,
  { isLast }: { readonly isLast: boolean },
): AsyncGenerator<TrainEvent> {
  const { selection } = run;
  const step = iterationsOf(run);
  if (!selection?.isDue(step, { isLast })) return;
  const { record, isBest } = await selection.measure(step);
  if (isBest) await writeRefiner(run);
  yield { kind: 'selection', record, isBest };
}

/** One step with everything that follows from it: log line, notices, sample picture, checkpoint. */
async function* playStep(run: Run, reserved: number): AsyncGenerator<TrainEvent> {
  const { clock, log, game, notices, options } = run;
  const { config } = options;
  const { index } = game.counters;
  const point = progressPoint(index, config);
  const began = performance.now();
  // Before the game, its time has not begun.
  const timeShare = point.phase === 'adversarial' ? clock.gameShare(reserved) : 0;
  const metrics = await game.play(point, timeShare);
  const seconds = (performance.now() - began) / 1000;
  const imagesPerSecond = config.batchSize / seconds;
  const measured: MetricsLine = {
    ...point,
    ...metrics,
    ...measurementBefore(run),
    seconds,
    imagesPerSecond,
    ...(point.phase === 'adversarial' &&
      options.minutes !== undefined && { gameSeconds: clock.gameSeconds() }),
  };
  const given = notices.add(measured);
  const messages = given.map(({ kind, message }) => [kind, message]);
  const line: MetricsLine = { ...measured, ...Object.fromEntries(messages) };
  await log.append(line);
  requireFinite(line, config);
  const secondsLeft = clock.secondsLeft();
  yield { kind: 'step', index: index + 1, phase: point.phase, metrics: line, secondsLeft };

  yield* given;
  if (index + 1 === totalSteps(config)) return;
  if (point.phase === 'adversarial' && point.step % config.samples.every === 0) {
    yield* writeSample(run);
  }
  if ((index + 1) % config.checkpoints.every === 0) {
    yield* save(run);
    await run.curves.writeNowAndThen();
  }
}

/** Whether the rate of a run fell with the time of `--minutes` where it stopped. */
function wasTimed(line: MetricsLine | undefined, { learningRate }: TrainConfig): boolean {
  return line?.gameSeconds !== undefined && fallsWithTime(learningRate);
}

/**
 * What selection measured of the refiner before this step: the notice of stagnation looks at it.
 */
function measurementBefore(run: Run) {
  const record = run.selection?.recordAt(iterationsOf(run) - 1);
  if (record === undefined || !isRegular(record, run.options.config.selection.every)) return {};
  const { realism, drift } = record;
  return { realism, ...(drift !== undefined && { drift }) };
}

async function* writeSample(run: Run): AsyncGenerator<TrainEvent> {
  const { sampler, folder } = run;
  yield { kind: 'sample', path: await sampler.write(folder.samples, iterationsOf(run)) };
}

/** A checkpoint, and the refiner to use: a killed run can be resumed and used from here. */
async function* save(run: Run): AsyncGenerator<TrainEvent> {
  const { folder, log, game, engine, options, selection } = run;
  const { config } = options;
  const checkpoint = {
    networks: engine.state,
    history: game.history.state(),
    counters: game.counters,
  };
  await log.sync();
  const path = await saveCheckpoint(folder.checkpoints, checkpoint, config.checkpoints.keep);
  await writeRefiner(run);
  if (selection) {
    const indices = await checkpointIndices(folder.checkpoints);
    await selection.prune(indices.map((index) => adversarialSteps(index, config)));
  }
  yield { kind: 'checkpoint', path };
}

/** `refiner.onnx`: the selected refiner, else the one as it is now. */
async function writeRefiner({ folder, selection, engine, options }: Run): Promise<void> {
  const selected = await selection?.read();
  await folder.write('refiner.onnx', selected ?? refinerFile(engine, options));
}

function refinerFile(engine: Engine, { config, preset }: TrainOptions): Uint8Array {
  const { channels, size } = config;
  const { refiner } = engine.players;
  return exportRefiner(refiner, exportedParameters(engine.state, config), {
    channels,
    size,
    preset,
  });
}

/** What decides which refiner is exported, where the configuration asks for it. */
async function selectionOf(
  options: TrainOptions,
  { images, engine, folder, index }: Pick<Run, 'images' | 'engine' | 'folder'> & { index: number },
): Promise<Selection | undefined> {
  const { config, signal, createEvaluator } = options;
  if (images.validation === undefined || createEvaluator === undefined) return undefined;
  return openSelection({
    config,
    images: images.validation,
    engine,
    run: folder.path,
    step: adversarialSteps(index, config),
    createEvaluator,
    exportRefiner: () => refinerFile(engine, options),
    signal,
  });
}

/** Adversarial iterations done. */
function iterationsOf({ game, options }: Run): number {
  return adversarialSteps(game.counters.index, options.config);
}

function summarize(run: Run): Omit<TrainOutcome, 'outcome'> {
  const { clock, notices, selection, images } = run;
  const steps = iterationsOf(run);
  return {
    steps,
    minutes: clock.minutes(),
    ...notices.given,
    ...(selection && { selection: selection.outcome(steps) }),
    images: images.summary(),
    metrics: notices.latest(),
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
