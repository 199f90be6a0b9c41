import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveConfig } from '../base/config.ts';
import { devices } from '../runtime/device.ts';
import { type TrainConfig, trainConfigSchema } from '../train/config.ts';
import { defaultPreset, type PresetName, presets } from '../train/presets.ts';
import { isWeightAdapted } from '../train/regularization-config.ts';
import { descriptionName, readRunDescription } from '../train/run-description.ts';
import type { TrainEvent, TrainOutcome } from '../train/train.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { configFlags, configHelp, configLayers } from './config-flags.ts';
import { folder, integer, number, oneOf, toggle } from './flags.ts';
import { noticeLines } from './notice-lines.ts';
import { selectionLine, selectionText } from './selection-text.ts';

const presetNames = Object.keys(presets) as PresetName[];

function presetHelp(): string {
  const width = Math.max(...presetNames.map((name) => name.length));
  const lines = presetNames.map((name) => `  ${name.padEnd(width)}  ${presets[name].summary}`);
  return ['Presets (--preset):', ...lines].join('\n');
}

/** What a run is, with its weights and the reduction without which they mean nothing. */
function describeStart(preset: string, config: TrainConfig): string {
  const { size, channels, regularization, cycle, reduction } = config;
  const form = `${size.join('×')}, ${channels === 1 ? 'grey' : 'colour'}`;
  const { target, driftTarget } = regularization;
  const aim =
    target > 0 ? `a change of ${target}` : `a drift of ${driftTarget} times the noise floor`;
  const adapted = isWeightAdapted(regularization) ? ` at first, adapted to ${aim}` : '';
  const cycled = cycle.weight > 0 ? `, cycle ${cycle.weight}` : '';
  return `Preset ${preset}, ${form}, λ ${regularization.weight}${adapted}${cycled} (losses reduced by ${reduction})`;
}

type Step = TrainEvent & { readonly kind: 'step' };

/** Where minutes are given, the time until they or the steps are over, whichever is sooner. */
function createTimeLeft(first: number, total: number): (step: Step) => number | undefined {
  const began = performance.now();
  return ({ index, secondsLeft }) => {
    if (secondsLeft === undefined) return undefined;
    const perStep = (performance.now() - began) / 1000 / (index - first);
    return Math.max(0, Math.min(secondsLeft, (total - index) * perStep));
  };
}

/** The losses of a step, for the progress line. */
function noteOf(event: Step): string {
  const { metrics } = event;
  const shown = [
    ['refinerAdversarial', 'adversarial'],
    ['discriminatorLoss', 'discriminator'],
    ['meanAbsoluteChange', 'change'],
  ] as const;
  return shown
    .flatMap(([key, label]) =>
      typeof metrics[key] === 'number' ? [`${label} ${metrics[key].toFixed(3)}`] : [],
    )
    .join('  ');
}

/**
 * Shows events of a run as progress and log lines; gives its outcome. With `isTimed` the steps end
 * with the time, and their number means nothing.
 */
export async function followTraining(
  run: AsyncGenerator<TrainEvent, TrainOutcome>,
  { progress, log }: Pick<CommandContext, 'progress' | 'log'>,
  { isTimed = false }: { readonly isTimed?: boolean } = {},
): Promise<TrainOutcome> {
  let bar: ReturnType<typeof progress.start> | undefined;
  let timeLeft: (step: Step) => number | undefined = () => undefined;
  for (;;) {
    const { done, value } = await run.next();
    if (done) {
      bar?.end();
      return value;
    }
    if (value.kind === 'start') {
      const { index, total } = value;
      if (index === total) continue;
      const steps = { unit: 'steps', done: index };
      bar = progress.start('Training', isTimed ? steps : { ...steps, total });
      timeLeft = createTimeLeft(index, total);
    } else if (value.kind === 'step') {
      const secondsLeft = timeLeft(value);
      bar?.update(value.index, {
        note: noteOf(value),
        ...(secondsLeft === undefined ? {} : { secondsLeft }),
      });
    } else if ('message' in value) {
      log(value.message);
    } else if (value.kind === 'validation') {
      const { renders, photographs } = value;
      log(`Looking at ${renders} renders and ${photographs} photographs that no step trains on.`);
    } else if (value.kind === 'equalizer') {
      log(equalizerLine(value.gains));
    } else if (value.kind === 'selection') {
      log(selectionLine(value.record, value.isBest));
    }
  }
}

type Gains = Extract<TrainEvent, { kind: 'equalizer' }>['gains'];

/** What the filter before the refiner does to structures of each size. */
function equalizerLine(gains: Gains): string {
  const parts = gains.map(({ period, luma, chroma }) => {
    const colour = chroma === undefined ? '' : ` (colour × ${chroma.toFixed(2)})`;
    return `${period} pixels × ${luma.toFixed(2)}${colour}`;
  });
  return `A filter gives the renders the photographs' mean spectrum: structures of ${parts.join(', ')}.`;
}

/** What was met in the images, a line a side, where there is something to say. */
function imageNotes(images: TrainOutcome['images']): string[] {
  return Object.entries(images).flatMap(([side, { images: count, broken, notes }]) => [
    ...Object.entries(notes).map(([note, n]) => `${side}: ${n} of ${count} images are ${note}`),
    ...broken.map(({ name, reason }) => `${side}: ${name} ${reason}; left out`),
  ]);
}

interface StartingPoint {
  readonly preset: PresetName;
  readonly values: Record<string, unknown>;
  /** Dotted keys of `values` that are not the preset's. */
  readonly changed: readonly string[];
}

/**
 * What `--config` and `--set` change: the preset, or the run to resume with all that it began with.
 */
async function startingPoint(flags: {
  readonly run: string;
  readonly resume: boolean;
  readonly preset: PresetName | undefined;
}): Promise<StartingPoint> {
  const preset = flags.preset ?? defaultPreset;
  const fresh = { preset, values: presets[preset].values, changed: [] };
  const names: readonly string[] = flags.resume ? await readdir(flags.run).catch(() => []) : [];
  if (!names.includes(descriptionName)) return fresh;
  const before = await readRunDescription(flags.run);
  const known = presetNames.find((name) => name === before.preset);
  // What was edited by hand, or written by another version, is compared with the preset key by key.
  const isSound = trainConfigSchema.safeParse(before.config).success;
  if (known === undefined || !isSound || (flags.preset ?? known) !== known) return fresh;
  return { preset: known, values: { ...before.config }, changed: before.changed ?? [] };
}

const endings = {
  finished: 'Finished',
  interrupted: 'Interrupted and saved',
  'out-of-time': 'Time is up; saved',
} as const;

export const trainCommand = defineCommand({
  name: 'train',
  summary: 'Trains a refiner on a folder of renders and a folder of photographs.',
  flags: {
    synthetic: folder({ description: 'folder with rendered images', required: true }),
    real: folder({ description: 'folder with photographs', required: true }),
    run: folder({ description: 'folder that the run is written to', required: true }),
    preset: oneOf(presetNames, {
      description: `recipe to start from (default: ${defaultPreset}, or that of the run to resume)`,
    }),
    ...configFlags,
    steps: integer({ description: 'adversarial iterations in total', min: 1 }),
    minutes: number({
      description:
        'stop, saved, after so many; a rate that falls after a share of the run has fallen by then',
      min: 0.01,
      unit: 'minutes',
    }),
    resume: toggle({ description: 'go on with the run in --run' }),
    device: oneOf(devices, { description: 'where to compute', default: 'cpu' }),
    seed: integer({ description: 'decides weights and order of the images', min: 0 }),
    maxBroken: number({ description: 'share of broken images to allow', min: 0, max: 1 }),
  },
  notes: () =>
    `${presetHelp()}\n\n${configHelp(trainConfigSchema, { name: defaultPreset, values: presets[defaultPreset].values })}`,
  run: async (flags, { signal, log, progress }) => {
    const { synthetic, real, run, resume, device, minutes } = flags;
    const start = await startingPoint(flags);
    const { preset } = start;
    const { config, changed: given } = resolveConfig(trainConfigSchema, {
      preset: start.values,
      ...(await configLayers(flags)),
      flags: { steps: flags.steps, seed: flags.seed, 'data.maxBroken': flags.maxBroken },
    });
    const changed = [...new Set([...start.changed, ...given])];
    const { train } = await import('../evaluate/selection/train.ts');
    const options = { synthetic, real, run, config, preset, changed, resume, device, signal };
    const timed = minutes === undefined ? options : { ...options, minutes };
    log(describeStart(preset, config));
    const outcome = await followTraining(train(timed), { log, progress });
    return { run, refiner: join(run, 'refiner.onnx'), ...outcome };
  },
  report: ({ run, refiner, outcome, steps, selection, images, ...notices }) =>
    [
      ...imageNotes(images),
      ...noticeLines(notices),
      ...(selection ? [selectionText(selection)] : []),
      `${endings[outcome]} after ${steps} iterations. Refiner: ${refiner}; log, samples and checkpoints: ${run}`,
      ...(outcome === 'finished' ? [] : ['The same command with --resume goes on.']),
    ].join('\n'),
});
