import { resolve } from 'node:path';
import { resolveConfig } from '../base/config.ts';
import { UserError } from '../base/user-error.ts';
import { evaluateConfigSchema } from '../evaluate/config.ts';
import { percent, shellWord, significant } from '../evaluate/report/format.ts';
import type { ReportJson } from '../evaluate/report/report-json.ts';
import { improvementTexts } from '../evaluate/report/task-table.ts';
import { type TaskName, taskNames } from '../evaluate/tasks/compare-arms.ts';
import { defineCommand, sameCommandGoesOn } from './command.ts';
import { configFlags, configHelp, configLayers } from './config-flags.ts';
import { countingBar } from './counting-bar.ts';
import { folder, oneOf, repeated } from './flags.ts';

function reportOf({ out, ...report }: ReportJson & { readonly out: string }): string {
  const realism = Object.entries(report.realism).map(([name, entry]) => {
    const { synthetic, refined, real, gapClosed } = entry;
    const share = gapClosed === null ? 'no gap' : `${percent(gapClosed)} closed`;
    return `${name.padEnd(22)} renders ${significant(synthetic.value)}, refined ${significant(refined.value)}, photographs ${significant(real.value)}: ${share}`;
  });
  const { accepted, rejected, unverifiable, landmarkDriftPixels: drift } = report.labels;
  const labels = [
    `Labels: ${accepted} accepted, ${rejected} rejected, ${unverifiable} unverifiable.`,
    ...(drift.mean === null
      ? []
      : [
          `Landmark drift ${significant(drift.mean)} pixels; noise floor ${significant(drift.noiseFloor)}.`,
        ]),
  ];
  const task = report.task === undefined ? [] : improvementTexts(report.task);
  const notes = report.warnings.map((warning) => `Note: ${warning}`);
  return [
    report.verdict,
    ...realism,
    ...labels,
    ...task,
    ...notes,
    `Report: ${resolve(out, 'report.html')}`,
  ].join('\n');
}

/** The command line that does the same again. */
function commandOf(flags: {
  readonly synthetic: string;
  readonly refined: string;
  readonly real: string;
  readonly out: string;
  readonly network: readonly string[];
  readonly task: string | undefined;
  readonly test: string | undefined;
  readonly config: string | undefined;
  readonly set: readonly string[];
}): string {
  const words = ['synthetic', 'refined', 'real', 'out', 'task', 'test', 'config'] as const;
  return [
    'lifelike evaluate',
    ...words.flatMap((name) => {
      const value = flags[name];
      return value === undefined ? [] : [`--${name} ${shellWord(value)}`];
    }),
    ...flags.network.map((text) => `--network ${shellWord(text)}`),
    ...flags.set.map((text) => `--set ${shellWord(text)}`),
  ].join(' ');
}

function taskOf({
  task,
  test,
}: {
  readonly task?: TaskName | undefined;
  readonly test?: string | undefined;
}) {
  if (task !== undefined && test !== undefined) return { name: task, test };
  if (task === undefined && test === undefined) return undefined;
  const [given, missing] =
    task === undefined ? ['--test', '--task landmarks'] : ['--task', '--test DIR'];
  throw new UserError(
    `Expected --task and --test together, got only ${given}. Add ${missing} or drop ${given}.`,
  );
}

export const evaluateCommand = defineCommand({
  name: 'evaluate',
  summary: 'Measures how real a refined set looks and whether its labels hold.',
  flags: {
    synthetic: folder({ description: 'folder of the renders', required: true }),
    refined: folder({ description: 'folder that refine wrote from them', required: true }),
    real: folder({ description: 'folder of photographs', required: true }),
    out: folder({ description: 'folder for report.json and report.html', required: true }),
    network: repeated(
      { description: 'measures realism with a network of your own, too' },
      'NAME=FILE.onnx',
    ),
    task: oneOf(taskNames, { description: 'trains a network on each set and tests it' }),
    test: folder({ description: 'labelled photographs that --task is tested on' }),
    ...configFlags,
  },
  notes: () => configHelp(evaluateConfigSchema),
  run: async (flags, { signal, progress }) => {
    const { synthetic, refined, real, out } = flags;
    const { config } = resolveConfig(evaluateConfigSchema, await configLayers(flags));
    const task = taskOf(flags);
    const { parseUserNetwork } = await import('../evaluate/features/user-network.ts');
    const networks = flags.network.map(parseUserNetwork);
    const { writeReport } = await import('../evaluate/write-report.ts');
    const report = await writeReport({
      ...{ synthetic, refined, real, out, config, networks, task, signal },
      command: commandOf(flags),
      onStage: (label, unit, total) => countingBar(progress, label, { unit, total }),
    });
    return { out: resolve(out), ...report };
  },
  interrupted: sameCommandGoesOn,
  report: reportOf,
});
