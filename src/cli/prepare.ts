import { resolveConfig } from '../base/config.ts';
import { UserError } from '../base/user-error.ts';
import { prepareConfigSchema } from '../prepare/config.ts';
import type { PrepareOptions, PrepareSummary } from '../prepare/index.ts';
import { type CommandContext, defineCommand, sameCommandGoesOn } from './command.ts';
import { configFlags, configHelp, configLayers } from './config-flags.ts';
import { folder, integer, toggle } from './flags.ts';

const dropTexts: Readonly<Record<keyof PrepareSummary['dropped'], string>> = {
  unreadable: 'unreadable',
  'no-face': 'without a face',
  'too-small': 'too small',
  blurred: 'blurred',
  'extreme-crop': 'too near the edge',
  'near-duplicate': 'near-duplicates',
};

/** Prepares photographs and shows how far it is. */
export async function prepareWithProgress(
  options: Omit<PrepareOptions, 'signal'>,
  { signal, progress, log }: CommandContext,
): Promise<PrepareSummary> {
  const { prepareDataset } = await import('../prepare/prepare-dataset.ts');
  let bar: ReturnType<typeof progress.start> | undefined;
  let crops = 0;
  for await (const event of prepareDataset({ ...options, signal })) {
    if (event.type === 'started') {
      if (event.done > 0) log(`Going on after ${event.done} photographs of an earlier run.`);
      if (event.done === event.total) continue;
      bar = progress.start('Preparing', { ...event, unit: 'photographs' });
    } else if (event.type === 'photograph') {
      crops += event.crops;
      bar?.update(event.done, { note: `${crops} crops` });
    } else {
      bar?.end();
      for (const warning of event.summary.warnings) log(warning);
      return event.summary;
    }
  }
  throw new Error('prepareDataset ended without a summary.');
}

/** `lifelike prepare`: photographs to face crops framed like a synthetic set. */
export const prepareCommand = defineCommand({
  name: 'prepare',
  summary: 'Crops the faces of photographs, framed like a synthetic set, with landmarks.',
  flags: {
    input: folder({ description: 'folder of photographs', required: true }),
    out: folder({
      description: 'folder for the crops; an earlier run there goes on',
      required: true,
    }),
    size: integer({ description: 'width and height of a crop in pixels (default 128)', min: 16 }),
    like: folder({ description: 'dataset with landmarks whose framing the crops take over' }),
    grayscale: toggle({ description: 'write crops with one channel' }),
    seed: integer({ description: 'of the drawn framings (default 1)', min: 0 }),
    ...configFlags,
  },
  notes: () => configHelp(prepareConfigSchema),
  run: async (flags, context) => {
    const { config } = resolveConfig(prepareConfigSchema, {
      ...(await configLayers(flags)),
      flags: { size: flags.size, seed: flags.seed, grayscale: flags.grayscale || undefined },
    });
    const { input, out, like } = flags;
    const summary = await prepareWithProgress({ input, out, like, config }, context);
    if (summary.crops === 0) throw noCrops(input, out, summary);
    return { out, ...summary };
  },
  interrupted: sameCommandGoesOn,
  report: ({ out, ...summary }) => describe(out, summary),
});

function dropped(summary: PrepareSummary): string {
  return Object.entries(summary.dropped)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${count} ${dropTexts[reason as keyof typeof dropTexts]}`)
    .join(', ');
}

/** A set without images is of no use to what comes next. */
function noCrops(input: string, out: string, summary: PrepareSummary): UserError {
  const files = summary.unreadable
    .slice(0, 5)
    .map(({ source, reason }) => `\n  ${source} ${reason}`);
  return new UserError(
    `Expected photographs of faces in ${input}, got none that gives a crop out of ${summary.photographs}: ${dropped(summary)}. Look at ${out}/_report/summary.json, or choose another folder.${files.join('')}`,
  );
}

function describe(out: string, summary: PrepareSummary): string {
  const { photographs, photographsWithFace, crops, unreadable, notes } = summary;
  const drops = dropped(summary);
  const converted = Object.entries(notes).map(([note, count]) => `${count} ${note}`);
  return [
    `${crops} crops of ${photographs} photographs in ${out} (${photographsWithFace} with a face).`,
    ...(drops === '' ? [] : [`Dropped: ${drops}.`]),
    ...(converted.length > 0 ? [`Converted to 8-bit RGB: ${converted.join(', ')}.`] : []),
    ...unreadable.slice(0, 5).map(({ source, reason }) => `  ${source} ${reason}`),
    ...(summary.renderSuggestion === undefined
      ? []
      : [`Renders that match better: ${summary.renderSuggestion}`]),
    `Look at ${summary.reports.map((name) => `${out}/${name}`).join(', ')}.`,
  ].join('\n');
}
