import { resolve } from 'node:path';
import { resolveConfig } from '../base/config.ts';
import { evaluateConfigSchema } from '../evaluate/config.ts';
import { percent, shellWord, significant } from '../evaluate/report/format.ts';
import type { ReportJson } from '../evaluate/report/report-json.ts';
import { defineCommand } from './command.ts';
import { configFlags, configHelp, configLayers } from './config-flags.ts';
import { countingBar } from './counting-bar.ts';
import { folder } from './flags.ts';

function reportOf({ out, ...report }: ReportJson & { readonly out: string }): string {
  const realism = Object.entries(report.realism).map(([name, entry]) => {
    const { synthetic, refined, real, gapClosed } = entry;
    const share = gapClosed === null ? 'no gap' : `${percent(gapClosed)} closed`;
    return `${name.padEnd(22)} renders ${significant(synthetic.value)}, refined ${significant(refined.value)}, photographs ${significant(real.value)}: ${share}`;
  });
  const { accepted, rejected, unverifiable, landmarkDriftPixels: drift } = report.labels;
  const labels = [
    `Labels: ${accepted} accepted, ${rejected} rejected, ${unverifiable} unverifiable.`,
    ...(drift === undefined
      ? []
      : [
          `Landmark drift ${significant(drift.mean)} pixels; noise floor ${significant(drift.noiseFloor)}.`,
        ]),
  ];
  const notes = report.warnings.map((warning) => `Note: ${warning}`);
  return [
    report.verdict,
    ...realism,
    ...labels,
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
  readonly config: string | undefined;
  readonly set: readonly string[];
}): string {
  const words = ['synthetic', 'refined', 'real', 'out'] as const;
  return [
    'lifelike evaluate',
    ...words.map((name) => `--${name} ${shellWord(flags[name])}`),
    ...(flags.config === undefined ? [] : [`--config ${shellWord(flags.config)}`]),
    ...flags.set.map((text) => `--set ${shellWord(text)}`),
  ].join(' ');
}

export const evaluateCommand = defineCommand({
  name: 'evaluate',
  summary: 'Measures how real a refined set looks and whether its labels hold.',
  flags: {
    synthetic: folder({ description: 'folder of the renders', required: true }),
    refined: folder({ description: 'folder that refine wrote from them', required: true }),
    real: folder({ description: 'folder of photographs', required: true }),
    out: folder({ description: 'folder for report.json and report.html', required: true }),
    ...configFlags,
  },
  notes: () => configHelp(evaluateConfigSchema),
  run: async (flags, { signal, progress }) => {
    const { synthetic, refined, real, out } = flags;
    const { config } = resolveConfig(evaluateConfigSchema, await configLayers(flags));
    const { writeReport } = await import('../evaluate/write-report.ts');
    const report = await writeReport({
      ...{ synthetic, refined, real, out, config, signal },
      command: commandOf(flags),
      onStage: (label, unit, total) => countingBar(progress, label, { unit, total }),
    });
    return { out: resolve(out), ...report };
  },
  report: reportOf,
});
