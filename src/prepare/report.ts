import { join } from 'node:path';
import { spread } from '../base/spread.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { type ContactSheetItem, writeContactSheet } from '../files/contact-sheet.ts';
import { explainingFileErrors } from '../files/file-error.ts';
import { makeFolder } from '../files/make-folder.ts';
import type { Picture } from '../files/picture.ts';
import type { Backdrop } from './backdrop.ts';
import {
  type BackdropComparison,
  compareEnoughBackdrops,
  measureBackdrops,
} from './compare-backdrops.ts';
import { compareFaces, type FramingComparison } from './compare-framing.ts';
import { type FramedFace, type FramingQuantity, framingQuantities } from './framed-faces.ts';
import { framingOf } from './framing.ts';
import type { CropRecord, IndexEntry } from './index-file.ts';
import { drawLandmarks } from './landmark-picture.ts';
import { type DropReason, dropReasons } from './photograph.ts';
import { type Summary, summarize } from './statistics.ts';

/** A file that could not be read, and why. */
export interface UnreadablePhotograph {
  readonly source: string;
  readonly reason: string;
}

/** What a run made of a folder, earlier runs into it included. */
export interface PrepareSummary {
  readonly photographs: number;
  /** Photographs in which a face was found, kept or not. */
  readonly photographsWithFace: number;
  readonly crops: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  readonly unreadable: readonly UnreadablePhotograph[];
  /** In how many photographs decoding made each conversion, such as `16-bit`. */
  readonly notes: Readonly<Record<string, number>>;
  /** Crops that reflection fills in part, and the mean share of all crops that it fills. */
  readonly filledCrops: number;
  readonly meanFill: number;
  /** One sentence each. */
  readonly warnings: readonly string[];
  /**
   * A `lifelike render` command that would bring pose and backdrops nearer; absent where they
   * match.
   */
  readonly renderSuggestion?: string;
  /** Files for people, relative to the output folder. */
  readonly reports: readonly string[];
}

/** `_report/framing.json`. */
export interface FramingReport {
  /** Against the synthetic set; absent without one. */
  readonly comparison?: FramingComparison;
  /** Against the synthetic set, where both sides show enough of their backdrops. */
  readonly backdrops?: BackdropComparison;
  readonly crops: Readonly<Record<FramingQuantity | 'fill' | 'enlargement' | 'blur', Summary>>;
  readonly renderSuggestion?: string;
}

export interface ReportOptions {
  readonly output: string;
  readonly size: number;
  readonly entries: readonly IndexEntry[];
  readonly records: readonly CropRecord[];
  readonly synthetic: readonly FramedFace[] | undefined;
  /** Backdrops of the synthetic set; absent without one. */
  readonly backdrops?: readonly Backdrop[] | undefined;
}

const folder = '_report';
const sheetCrops = 100;
const sheetLandmarks = 40;

function framedFace({ landmarks, pose }: CropRecord, size: number): FramedFace {
  const [yaw, pitch] = pose;
  return { ...framingOf(landmarks, { width: size, height: size }), yaw, pitch };
}

/** What to do where photographs leave too little room around their faces; most often nothing. */
function roomWarnings(
  records: readonly CropRecord[],
  comparison: FramingComparison | undefined,
): string[] {
  const crowded = records.filter(({ fill }) => fill > 0.05).length / Math.max(records.length, 1);
  if (crowded < 0.25) return [];
  const scale = comparison?.quantities.scale;
  const ratio = scale === undefined ? 1 : scale.real.quantiles[3] / scale.synthetic.quantiles[3];
  const larger =
    ratio > 1.02
      ? ` Renders with faces ${ratio.toFixed(2)} times as large would match better.`
      : '';
  return [
    `${Math.round(100 * crowded)} % of the crops are filled by reflection on more than a twentieth of their area: the photographs leave little room around the faces.${larger}`,
  ];
}

function countDrops(entries: readonly IndexEntry[]): Record<DropReason, number> {
  const counts = Object.fromEntries(dropReasons.map((reason) => [reason, 0]));
  for (const { faces } of entries) {
    for (const face of faces) if ('dropped' in face) counts[face.dropped]++;
  }
  return counts as Record<DropReason, number>;
}

function countNotes(entries: readonly IndexEntry[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { notes } of entries) {
    for (const note of notes) counts[note] = (counts[note] ?? 0) + 1;
  }
  return counts;
}

function describeCrops(records: readonly CropRecord[], faces: readonly FramedFace[]) {
  const framing = framingQuantities.map((quantity) => {
    return [quantity, summarize(faces.map((face) => face[quantity]))] as const;
  });
  const others = (['fill', 'enlargement', 'blur'] as const).map((quantity) => {
    return [quantity, summarize(records.map((record) => record[quantity]))] as const;
  });
  return Object.fromEntries([...framing, ...others]) as FramingReport['crops'];
}

/** Crops with more than so much filled by reflection have backdrops that no photograph shows. */
const acceptedFill = 0.02;

async function backdropsOf({ output, records, backdrops }: ReportOptions) {
  if (backdrops === undefined) return undefined;
  const whole = records.filter(({ fill }) => fill <= acceptedFill);
  const images = whole.map(({ file_name, landmarks }) => {
    return { path: join(output, file_name), landmarks };
  });
  return compareEnoughBackdrops(backdrops, await measureBackdrops(images));
}

function suggestionOf(
  comparisons: readonly ({ readonly renderSettings: readonly string[] } | undefined)[],
): string | undefined {
  const settings = comparisons.flatMap((comparison) => comparison?.renderSettings ?? []);
  if (settings.length === 0) return undefined;
  return `lifelike render ${settings.map((setting) => `--set ${setting}`).join(' ')}`;
}

async function writeSheets({ output, records }: ReportOptions): Promise<string[]> {
  if (records.length === 0) return [];
  const crops = spread(records, sheetCrops).map(({ file_name }): ContactSheetItem => {
    return { pictures: [join(output, file_name)] };
  });
  const names = [`${folder}/contact-sheet.png`, `${folder}/landmarks.png`];
  await writeContactSheet(join(output, names[0]), crops, {
    title: `${crops.length} of ${records.length} crops`,
  });
  async function* withLandmarks() {
    for (const record of spread(records, sheetLandmarks)) {
      const picture: Picture = await drawLandmarks(
        join(output, record.file_name),
        record.landmarks,
      );
      yield { pictures: [picture], label: record.file_name } satisfies ContactSheetItem;
    }
  }
  await writeContactSheet(join(output, names[1]), withLandmarks(), { title: 'Landmarks as found' });
  return names;
}

/** Writes `_report/` and sums up. */
export async function writeReports(options: ReportOptions): Promise<PrepareSummary> {
  const { output, size, entries, records, synthetic } = options;
  const faces = records.map((record) => framedFace(record, size));
  const comparison =
    synthetic === undefined || faces.length === 0 ? undefined : compareFaces(synthetic, faces);
  const backdrops = await backdropsOf(options);
  const suggestion = suggestionOf([comparison, backdrops]);
  const fills = records.map(({ fill }) => fill);
  return explainingFileErrors(output, async () => {
    await makeFolder(join(output, folder));
    const reports = await writeSheets(options);
    if (records.length > 0) {
      const report: FramingReport = {
        ...(comparison !== undefined && { comparison }),
        ...(backdrops !== undefined && { backdrops }),
        crops: describeCrops(records, faces),
        ...(suggestion !== undefined && { renderSuggestion: suggestion }),
      };
      reports.push(`${folder}/framing.json`);
      await writeJson(join(output, folder, 'framing.json'), report);
    }
    const summary: PrepareSummary = {
      photographs: entries.length,
      photographsWithFace: entries.filter(hasFace).length,
      crops: records.length,
      dropped: countDrops(entries),
      unreadable: entries.flatMap(({ source, faces: found }) =>
        found.flatMap((face) =>
          'dropped' in face && face.dropped === 'unreadable'
            ? { source, reason: face.detail ?? '' }
            : [],
        ),
      ),
      notes: countNotes(entries),
      filledCrops: fills.filter((fill) => fill > 0).length,
      meanFill: fills.length === 0 ? 0 : summarize(fills).mean,
      warnings: [
        ...(comparison?.warnings ?? []),
        ...(backdrops?.warnings ?? []),
        ...roomWarnings(records, comparison),
      ],
      ...(suggestion !== undefined && { renderSuggestion: suggestion }),
      reports: [...reports, `${folder}/summary.json`],
    };
    await writeJson(join(output, folder, 'summary.json'), summary);
    return summary;
  });
}

function hasFace({ faces }: IndexEntry): boolean {
  return faces.some((face) => {
    return 'record' in face || (face.dropped !== 'unreadable' && face.dropped !== 'no-face');
  });
}

function writeJson(path: string, value: unknown): Promise<void> {
  return writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
}
