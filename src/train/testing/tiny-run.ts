import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { randomKey, split, uniform } from '../../base/random.ts';
import { put } from '../../data/testing/images.ts';
import { listCheckpoints } from '../checkpoint.ts';
import { type TrainConfig, type TrainConfigInput, trainConfig } from '../config.ts';
import type { MetricsLine } from '../metrics-log.ts';
import { type TrainEvent, type TrainOptions, type TrainOutcome, train } from '../train.ts';

/** Every part of the game on, as small as it can be; one thread, so that results never differ. */
export const tinyValues = {
  size: 8,
  channels: 3,
  batchSize: 4,
  steps: 12,
  threads: 1,
  pretraining: { refinerSteps: 4, discriminatorSteps: 4 },
  refinerStepsPerIteration: 2,
  history: { capacity: 6 },
  average: { decay: 0.9 },
  checkpoints: { every: 5, keep: 2 },
  samples: { every: 100, count: 2 },
  stagnation: { window: 20 },
} satisfies TrainConfigInput;

/** A tiny configuration with some values changed. */
export function tinyConfig(values: TrainConfigInput = {}): TrainConfig {
  return trainConfig({ ...tinyValues, ...values });
}

export interface NoiseOptions {
  readonly count?: number;
  readonly level: number;
  readonly spread?: number;
  /** Whether each image has a part mask, with all codes in it. */
  readonly masks?: boolean;
  /** Whether each image has landmarks, a little elsewhere in each. */
  readonly landmarks?: boolean;
}

/** 68 landmarks of a face around the middle of an image of this size. */
export function tinyFace(size: number, shift = 0): [number, number][] {
  const middle = (i: number): readonly [x: number, y: number, spread: number] => {
    if (i < 17) return [0.5, 0.5, 0.35];
    if (i < 27) return i < 22 ? [0.35, 0.32, 0.08] : [0.65, 0.32, 0.08];
    if (i < 36) return [0.5, 0.5, 0.1];
    if (i < 48) return i < 42 ? [0.35, 0.4, 0.06] : [0.65, 0.4, 0.06];
    return [0.5, 0.68, 0.12];
  };
  return Array.from({ length: 68 }, (_, i) => {
    const [x, y, spread] = middle(i);
    const angle = 2.4 * i;
    return [size * (x + spread * Math.cos(angle)) + shift, size * (y + spread * Math.sin(angle))];
  });
}

/** Writes noise around a level (0 … 255) as `000.png` …, so that two sets differ in brightness. */
export async function putNoise(
  folder: string,
  { count = 10, level, spread = 40, masks = false, landmarks = false }: NoiseOptions,
): Promise<string> {
  const side = 16;
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const u = uniform(split(randomKey(level), i), side * side * 3);
    const bytes = Buffer.from(u.map((value) => level + spread * (value - 0.5)));
    const image = sharp(bytes, { raw: { width: side, height: side, channels: 3 } }).png();
    const stem = String(i).padStart(3, '0');
    await put(folder, `${stem}.png`, await image.toBuffer());
    const line = { file_name: `${stem}.png`, landmarks: tinyFace(side, (i % 3) - 1) };
    lines.push(`${JSON.stringify(line)}\n`);
    if (!masks) continue;
    const codes = Buffer.from(Array.from({ length: side * side }, (_, at) => (i + at) % 17));
    const mask = sharp(codes, { raw: { width: side, height: side, channels: 1 } });
    await put(folder, `${stem}.parts.png`, await mask.toColourspace('b-w').png().toBuffer());
  }
  if (landmarks) await put(folder, 'metadata.jsonl', lines.join(''));
  return folder;
}

/** Two sets, dark renders and bright photographs, and the path of a run that is not there yet. */
export async function tinyFolders(root: string, { count = 10, landmarks = false } = {}) {
  const both = { count, landmarks };
  return {
    synthetic: await putNoise(join(root, 'synthetic'), { ...both, level: 80, masks: true }),
    real: await putNoise(join(root, 'real'), { ...both, level: 170 }),
    run: join(root, 'run'),
  };
}

export interface PlayedRun {
  readonly events: readonly TrainEvent[];
  readonly outcome: TrainOutcome;
}

/** Trains to the end; `onEvent` sees the events on the way. */
export async function playRun(
  options: Omit<TrainOptions, 'preset'> & Partial<Pick<TrainOptions, 'preset'>>,
  onEvent: (event: TrainEvent) => void = () => {},
): Promise<PlayedRun> {
  const events: TrainEvent[] = [];
  const run = train({ preset: 'simgan-faces', ...options });
  for (;;) {
    const { done, value } = await run.next();
    if (done) return { events, outcome: value };
    events.push(value);
    onEvent(value);
  }
}

/** The lines of a run's log. */
export async function metricsOf(run: string): Promise<MetricsLine[]> {
  const text = await readFile(join(run, 'metrics.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** All of a run that must not depend on how often it was interrupted. */
export async function resultsOf(run: string) {
  const [latest] = (await listCheckpoints(join(run, 'checkpoints'))).slice(-1);
  return {
    checkpoint: latest,
    state: await readFile(join(run, 'checkpoints', latest), 'base64'),
    refiner: await readFile(join(run, 'refiner.onnx'), 'base64'),
    metrics: (await metricsOf(run)).map(({ seconds, imagesPerSecond, ...line }) => line),
  };
}
