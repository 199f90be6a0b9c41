import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { resolveConfig } from '../base/config.ts';
import { spread } from '../base/spread.ts';
import { UserError } from '../base/user-error.ts';
import { copyFileAtomically } from '../files/atomic-file.ts';
import { exists } from '../files/exists.ts';
import { readJsonFile } from '../files/json-file.ts';
import type { RenderConfigInput } from '../render/scene/config.ts';
import { outcomeName } from '../train/run-folder.ts';
import type { TrainOutcome } from '../train/train.ts';
import { type CommandContext, defineCommand, sameCommandGoesOn } from './command.ts';
import { folder, number } from './flags.ts';
import { noticeLines } from './notice-lines.ts';
import { prepareWithProgress } from './prepare.ts';
import { followRefinement } from './refine.ts';
import { renderWithProgress } from './render.ts';
import { selectionText } from './selection-text.ts';
import { followTraining } from './train.ts';

/** What the demo renders. */
const renders = { count: 400, size: 64, seed: 1 };

/**
 * How the renders are drawn for the photographs of `tabler-ui`: younger people who mostly look at
 * the camera and smile, in soft, bright light, taken with little noise.
 */
const likeThePhotographs = {
  identity: {
    age: { mean: 30, deviation: 8, min: 18 },
    weight: { mean: 0.55 },
    complexion: { mean: 0.04 },
  },
  hair: { none: 0.03, dyed: 0 },
  clothing: { none: 0.02 },
  expression: { neutral: 0.2, concern: 0.2, sneer: 0, pout: 0.2, surprise: 0.3 },
  pose: { yaw: { deviation: 14 }, pitch: { deviation: 6 }, wide: 0.03 },
  camera: { noise: { max: 0.005 }, distance: { min: 0.9 } },
  light: {
    exposure: { mean: 0.1 },
    surroundings: { mean: 0.1 },
    softness: { min: 1.5 },
    keyAzimuth: { deviation: 35 },
    warmth: { deviation: 0.25 },
  },
} satisfies RenderConfigInput;

/** Time for refining and drawing, of the minutes given. */
const minutesAfterTraining = 0.4;

/** Photographs of `tabler-ui` that show no face: a toy, a hand before the face. */
const notFaces = new Set(['male/18.jpg', 'male/24.jpg']);

/**
 * What the demo changes of its preset: too few photographs to hold some out and measure on them.
 */
const changes = {
  // The time ends it, not the number of steps.
  steps: 1_000_000,
  size: renders.size,
  'selection.every': 0,
  // Nothing measures the drift here, so that λ has to be large enough from the beginning.
  'regularization.driftTarget': 0,
  // With that of the preset, a discriminator of 65 photographs makes ripples in backdrops.
  'regularization.weight': 250,
};

/** Photographs of faces: the folder given, or those of the development dependency `tabler-ui`. */
async function findPhotographs(given: string | undefined, out: string): Promise<string> {
  const { openDataset } = await import('../data/dataset.ts');
  if (given !== undefined) {
    await openDataset(given);
    return given;
  }
  let source: string;
  try {
    const require = createRequire(import.meta.url);
    source = join(dirname(require.resolve('tabler-ui/package.json')), 'dist/demo/faces');
  } catch {
    throw new UserError(
      'Expected photographs of faces for the demo, got none: the development package tabler-ui is not installed. Give a folder of your own with --real DIR.',
    );
  }
  const { images } = await openDataset(source);
  const target = join(out, 'photographs');
  for (const name of images.filter((image) => !notFaces.has(image))) {
    // Its copies keep their times, which let a demo that is started again skip what it has cropped.
    await copyFileAtomically(join(source, name), join(target, name));
  }
  return target;
}

/** A demo that goes on needs the photographs that its renders were drawn for. */
async function requireSamePhotographs(out: string, real: string | undefined): Promise<void> {
  const isBegun = await exists(join(out, 'renders'));
  const hasOwn = await exists(join(out, 'photographs'));
  if (!isBegun || hasOwn === (real === undefined)) return;
  throw new UserError(
    `Expected ${hasOwn ? 'no --real' : '--real'} as the demo in ${resolve(out)} was begun, got ${real ?? 'none'}. Repeat the command of before, or choose another folder with --out.`,
  );
}

/** Faces cut from the photographs, framed like the renders. */
async function cropFaces(
  folders: { readonly input: string; readonly out: string; readonly like: string },
  context: CommandContext,
): Promise<number> {
  const { prepareConfigSchema } = await import('../prepare/config.ts');
  const config = prepareConfigSchema.parse({ size: renders.size });
  return (await prepareWithProgress({ ...folders, config }, context)).crops;
}

/** The default preset with what the demo changes of it. */
export async function demoTraining() {
  const { trainConfigSchema } = await import('../train/config.ts');
  const { defaultPreset: preset, presets } = await import('../train/presets.ts');
  const resolved = resolveConfig(trainConfigSchema, {
    preset: presets[preset].values,
    flags: changes,
  });
  return { preset, ...resolved };
}

async function trainForDemo(
  folders: { readonly synthetic: string; readonly real: string; readonly run: string },
  minutes: number,
  context: CommandContext,
): Promise<TrainOutcome> {
  const { train } = await import('../evaluate/selection/train.ts');
  const { preset, config, changed } = await demoTraining();
  const resume = await exists(join(folders.run, 'config.json'));
  const { signal } = context;
  return followTraining(
    train({
      ...folders,
      config,
      preset,
      changed,
      resume,
      minutes,
      signal,
    }),
    context,
    { isTimed: true },
  );
}

/** Renders, spread over the set, above what became of them. */
async function drawBeforeAfter(renders: string, refined: string, path: string): Promise<void> {
  const { openDataset } = await import('../data/dataset.ts');
  const { writeContactSheet } = await import('../files/contact-sheet.ts');
  const { images } = await openDataset(renders);
  const items = spread(images, 20).map((name) => ({
    pictures: [join(renders, name), join(refined, name)],
  }));
  await writeContactSheet(path, items, {
    title: 'Lifelike demo',
    captions: ['render', 'refined'],
    arrangement: 'rows',
    itemsPerRow: 10,
  });
}

export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'Trains, refines and shows the result, in about five minutes.',
  flags: {
    out: folder({ description: 'folder for everything the demo makes', default: 'demo' }),
    minutes: number({ description: 'time for all of it', default: 5, min: 0.6, unit: 'minutes' }),
    real: folder({ description: 'photographs of faces (default: those of tabler-ui)' }),
  },
  run: async ({ out, minutes, real }, context) => {
    const { signal, log } = context;
    const run = join(out, 'run');
    const refined = join(out, 'refined');
    if (await exists(join(out, 'before-after.png'))) {
      throw new UserError(
        `Expected a new folder for the demo, got one with a finished demo: ${resolve(out)}. Choose another with --out, or remove it.`,
      );
    }
    await requireSamePhotographs(out, real);
    const began = performance.now();
    const synthetic = join(out, 'renders');
    const prepared = join(out, 'faces');
    const photographs = await findPhotographs(real, out);
    const config = real === undefined ? likeThePhotographs : {};
    await renderWithProgress({ out: synthetic, ...renders, config }, context);
    signal.throwIfAborted();
    const crops = await cropFaces({ input: photographs, out: prepared, like: synthetic }, context);
    signal.throwIfAborted();
    const spent = (performance.now() - began) / 60_000;
    const left = Math.max(0.1, minutes - spent - minutesAfterTraining);
    // A refiner that renders were refined with stays: half a set of each would be no set.
    const training = (await exists(refined))
      ? ((await readJsonFile(join(run, outcomeName))) as TrainOutcome)
      : await trainForDemo({ synthetic, real: prepared, run }, left, context);
    signal.throwIfAborted();
    const { refine } = await import('../refine/refine.ts');
    const { refineConfig } = await import('../refine/config.ts');
    const settings = { model: run, input: synthetic, output: refined, config: refineConfig() };
    const work = refine({ ...settings, signal });
    const refinement = await followRefinement(work, context);
    signal.throwIfAborted();
    const sheet = join(out, 'before-after.png');
    await drawBeforeAfter(synthetic, refined, sheet);
    log('');
    return {
      sheet: resolve(sheet),
      curves: resolve(join(run, 'loss-curves.png')),
      refined: resolve(refined),
      run: resolve(run),
      iterations: training.steps,
      images: refinement.written + refinement.earlier,
      crops,
      meanAbsoluteChange: refinement.meanAbsoluteChange ?? null,
      stagnation: training.stagnation,
      outOfRange: training.outOfRange,
      selection: training.selection,
    };
  },
  interrupted: sameCommandGoesOn,
  report: ({
    sheet,
    curves,
    refined,
    run,
    iterations,
    images,
    crops,
    meanAbsoluteChange,
    selection,
    ...notices
  }) =>
    [
      `${iterations} iterations of training on ${images} renders and ${crops} faces from photographs; then all renders refined${meanAbsoluteChange === null ? '' : `, each pixel changed by ${(127.5 * meanAbsoluteChange).toFixed(1)} of 255 on average`}.`,
      'A few minutes on a processor show the machinery, not the art: expect a change of tone and contrast, and artefacts.',
      ...noticeLines(notices),
      ...(selection ? [selectionText(selection)] : []),
      `Before and after  ${sheet}`,
      `Loss curves       ${curves}`,
      `Refined set       ${refined}`,
      `Run               ${run}`,
    ].join('\n'),
});
