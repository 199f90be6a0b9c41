import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { randomKey, split } from '../base/random.ts';
import { BrokenImageError } from '../data/decode.ts';
import { loadFaceTools } from '../faces/index.ts';
import { openAppendLog } from '../files/append-log.ts';
import { removeTemporaryFiles, writeFileAtomically } from '../files/atomic-file.ts';
import { explainingFileErrors } from '../files/file-error.ts';
import { lockFolder } from '../files/folder-lock.ts';
import { makeFolder } from '../files/make-folder.ts';
import { type EvaluateOptions, type Evaluation, evaluateSets } from './evaluate-sets.ts';
import { choosePictures } from './report/choose-pictures.ts';
import { type PicturePair, picturePair } from './report/pictures.ts';
import { type PictureSection, reportHtml } from './report/report-html.ts';
import { type ReportJson, reportJson } from './report/report-json.ts';
import { verdictOf } from './report/verdict.ts';

export interface WriteReportOptions extends Omit<EvaluateOptions, 'onMeasures'> {
  /** The folder of the report. */
  readonly out: string;
  /** The command that does the same again, which the report shows. */
  readonly command: string;
}

/**
 * Evaluates and leaves `report.json`, `report.html` and `images.jsonl` (what was measured of each
 * image) in a folder.
 *
 * @throws {UserError} as {@link evaluateSets}, and for a folder that cannot be written.
 */
export async function writeReport(options: WriteReportOptions): Promise<ReportJson> {
  const { out } = options;
  await makeFolder(out);
  const release = await lockFolder(out, 'lifelike evaluate');
  try {
    await removeTemporaryFiles(out);
    return await explainingFileErrors(out, () => evaluateInto(options));
  } finally {
    await release();
  }
}

async function evaluateInto(options: WriteReportOptions): Promise<ReportJson> {
  const { out, config, command } = options;
  const path = join(out, 'images.jsonl');
  await rm(path, { force: true });
  const log = await openAppendLog(path);
  let evaluation: Evaluation;
  try {
    evaluation = await evaluateSets({
      ...options,
      onMeasures: (name, verdict, measures) =>
        log.append({ file_name: name, verdict, ...measures }),
    });
  } finally {
    await log.close();
  }
  const verdict = verdictOf(evaluation);
  const report = reportJson(evaluation, { config, command }, verdict.headline);
  const sections = await pictureSections(evaluation, config.seed);
  const page = reportHtml({ evaluation, report, verdict, sections });
  await writeFileAtomically(join(out, 'report.html'), page);
  await writeFileAtomically(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

async function pictureSections(evaluation: Evaluation, seed: number): Promise<PictureSection[]> {
  const { records, pairs, form } = evaluation;
  const byName = new Map(pairs.map((pair) => [pair.name, pair]));
  const tools = await loadFaceTools({ threads: 1 });
  try {
    const sections: PictureSection[] = [];
    for (const group of choosePictures(records, split(randomKey(seed), 'pictures'))) {
      const shown: PicturePair[] = [];
      for (const record of group.records) {
        const pair = byName.get(record.name);
        if (pair === undefined) continue;
        try {
          shown.push(await picturePair(pair, record, { tools, channels: form.channels }));
        } catch (error) {
          if (!(error instanceof BrokenImageError)) throw error;
        }
      }
      sections.push({ title: group.title, text: group.text, pairs: shown });
    }
    return sections;
  } finally {
    await tools.dispose();
  }
}
