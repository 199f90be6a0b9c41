import type { MeanEstimate } from '../labels/summarize-labels.ts';
import { escapeHtml, percent, significant } from './format.ts';
import type { RealismEntry, ReportJson } from './report-json.ts';

interface Row {
  readonly name: string;
  /** HTML. */
  readonly cells: readonly [synthetic: string, refined: string, real: string, share: string];
  readonly comparableWith: string;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

const range = ({ low, high }: Range) => `<small>${significant(low)} … ${significant(high)}</small>`;
const valued = (estimate: Range & { readonly value: number }) =>
  `${significant(estimate.value)}${range(estimate)}`;
const averaged = (estimate: MeanEstimate) => `${significant(estimate.mean)}${range(estimate)}`;

/** All numbers with 95 % intervals and what each may be compared with, as an HTML table. */
export function numbersTable(report: ReportJson): string {
  const rows = [
    ...Object.entries(report.realism).map(([name, entry]) => realismRow(name, entry)),
    ...Object.entries(report.neighbours).flatMap(([name, sets]) =>
      (['precision', 'recall', 'density', 'coverage'] as const).map((measure) => ({
        name: `${measure}, ${name}`,
        cells: [
          significant(sets.synthetic[measure]),
          significant(sets.refined[measure]),
          '',
          '',
        ] as const,
        comparableWith: 'Only with sets of these sizes in this space.',
      })),
    ),
    ...labelRows(report),
  ];
  const heads = ['', 'renders', 'refined', 'photographs', 'gap closed', 'comparable with'];
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join('');
  const body = rows.map(({ name, cells, comparableWith }) => {
    const numbers = cells.map((cell) => `<td class="number">${cell}</td>`).join('');
    return `<tr><th scope="row">${escapeHtml(name)}</th>${numbers}<td><small>${escapeHtml(comparableWith)}</small></td></tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

function realismRow(name: string, entry: RealismEntry): Row {
  const { gapClosed, gapClosedInterval: interval } = entry;
  const share =
    gapClosed === null || interval === null
      ? '–<small>no measurable gap</small>'
      : `${percent(gapClosed)}<small>${percent(interval.low)} … ${percent(interval.high)}</small>`;
  return {
    name,
    cells: [valued(entry.synthetic), valued(entry.refined), valued(entry.real), share],
    comparableWith: entry.comparableWith,
  };
}

function labelRows({ labels }: ReportJson): Row[] {
  const rows: Row[] = [];
  const add = (name: string, estimate: MeanEstimate | undefined, comparableWith: string) => {
    if (estimate === undefined) return;
    rows.push({ name, cells: ['', averaged(estimate), '', ''], comparableWith });
  };
  const floor = labels.landmarkDriftPixels?.noiseFloor;
  add(
    'landmark drift, pixels',
    labels.landmarkDriftPixels,
    `The landmark network’s noise floor here, ${significant(floor ?? 0)}, and sets of this image size.`,
  );
  add(
    'landmark drift, of the eyes’ distance',
    labels.landmarkDriftOfEyes,
    `The noise floor, ${significant(labels.landmarkDriftOfEyes?.noiseFloor ?? 0)}; any image size.`,
  );
  if (labels.landmarkErrorPixels !== undefined) {
    const { before, after } = labels.landmarkErrorPixels;
    rows.push({
      name: 'found to true landmarks, pixels',
      cells: [averaged(before), averaged(after), '', ''],
      comparableWith: 'Before with after: the network’s own error is in both.',
    });
  }
  add('identity cosine', labels.identityCosine, 'dlib’s embedding: 0.98 one face, 0.9 strangers.');
  add('edges off their masks, pixels', labels.edgeDisplacementPixels, 'Sets of this image size.');
  add('structural similarity', labels.structuralSimilarity, 'SSIM of luma, window 11, σ 1.5.');
  add('colour change ΔE₀₀', labels.colorDifference, 'Mean CIEDE2000; 1 is just visible.');
  const shift = labels.complexionShiftDegrees;
  add(
    'complexion shift (ITA), degrees',
    shift,
    'Positive is lighter; a skin group spans about 15.',
  );
  for (const group of shift?.groups ?? []) {
    const name = `complexion shift, ${group.complexion}, ${group.yaw} (${group.images})`;
    add(name, group, 'The other groups: one that moves alone is a bias.');
  }
  return rows;
}
