import type { LabelSummary, MeanEstimate } from '../labels/summarize-labels.ts';
import { estimateCell, significant } from './format.ts';
import { type TableRow, table } from './table.ts';

/** What happened to the labels, means over images with 95 % intervals, as an HTML table. */
export function labelTable(labels: LabelSummary): string {
  const drift = labels.landmarkDriftPixels;
  const ofEyes = labels.landmarkDriftOfEyes;
  const error = labels.landmarkErrorPixels;
  const rows = [
    ...row('landmark drift, pixels', drift, {
      before: drift && significant(drift.noiseFloor),
      comparableWith: 'The landmark network’s noise floor, on the left; sets of this image size.',
    }),
    ...row('landmark drift, of the distance between the eyes', ofEyes, {
      before: ofEyes && significant(ofEyes.noiseFloor),
      comparableWith: 'The noise floor, on the left; any image size.',
    }),
    ...row('found to true landmarks, pixels', error?.after, {
      before: error && averaged(error.before),
      comparableWith: 'The renders: the network’s own error is in both.',
    }),
    ...row('identity cosine', labels.identityCosine, {
      comparableWith: 'dlib’s embedding: 0.98 is one face, strangers reach 0.9.',
    }),
    ...row('edges off their masks, pixels', labels.edgeDisplacementPixels, {
      comparableWith: 'Sets of this image size.',
    }),
    ...row('structural similarity', labels.structuralSimilarity, {
      comparableWith: 'SSIM of luma, Gaussian window 11, σ 1.5.',
    }),
    ...row('colour change ΔE₀₀', labels.colorDifference, {
      comparableWith: 'Mean CIEDE2000; 1 is just visible.',
    }),
    ...row('complexion shift (ITA), degrees', labels.complexionShiftDegrees, {
      comparableWith: 'Positive is lighter; a skin colour group spans about 15.',
    }),
    ...row('skin lightness shift, L*', labels.lightnessShift, {
      comparableWith: 'Positive is lighter; black to white is 100.',
    }),
  ];
  return table(['renders, or noise floor', 'refined'], rows);
}

/** How far each group of complexion and yaw moved: a group that moves alone is a bias. */
export function complexionTable(labels: LabelSummary): string {
  const groups = labels.complexionShiftDegrees?.groups ?? [];
  if (groups.length === 0) return '';
  const yaws = [...new Set(groups.map(({ yaw }) => yaw))];
  const complexions = [...new Set(groups.map(({ complexion }) => complexion))];
  const rows = complexions.map((complexion): TableRow => {
    const own = groups.filter((group) => group.complexion === complexion);
    const images = own.reduce((sum, group) => sum + group.images, 0);
    const cells = yaws.map((yaw) => {
      const group = own.find((candidate) => candidate.yaw === yaw);
      return group === undefined ? '' : averaged(group);
    });
    return { name: complexion, cells, comparableWith: `The other rows; ${images} images.` };
  });
  return table(yaws, rows);
}

const averaged = (estimate: MeanEstimate) => estimateCell(estimate.mean, estimate);

function row(
  name: string,
  estimate: MeanEstimate | undefined,
  {
    before = '',
    comparableWith,
  }: { readonly before?: string | undefined; readonly comparableWith: string },
): TableRow[] {
  return estimate === undefined
    ? []
    : [{ name, cells: [before, averaged(estimate)], comparableWith }];
}
